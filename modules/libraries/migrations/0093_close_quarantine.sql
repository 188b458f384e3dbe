-- Reason: a line that was set aside (问题数据) is closed by what happens to its record: a good line of the same key, its deletion, a later bad line,
-- a correction made here, or a discard with its reason (WH12-8, 数据质量). Which values stood where is kept, so that items can be shown and mended.
-- Lines from before have no order of items: they are resent by their source or discarded.
-- Locks: bad_line exclusively while it is rewritten for its new id, batch against writing while its index is made; batches wait. Safe while running: yes, for
-- seconds.
alter table libraries.bad_line
  add column id uuid not null default gen_random_uuid(),
  add column number bigint generated always as identity,
  -- ids of items in the order of the line's values
  add column items jsonb,
  add column raw_key text,
  add column is_deletion boolean not null default false,
  add column state text not null default 'open',
  add column closed_at timestamptz,
  add column closed_batch text,
  add column closed_by text,
  add column closed_reason text,
  add constraint bad_line_id_unique unique (id),
  add constraint bad_line_number_unique unique (number),
  add constraint bad_line_state_known check (state in ('open', 'resent', 'removed', 'superseded', 'corrected', 'discarded')),
  add constraint bad_line_closed check ((state = 'open') = (closed_at is null));
-- What every batch asks: is there anything open, and about these keys?
create index bad_line_open_idx on libraries.bad_line (resource, record_key) where state = 'open';
create index bad_line_open_raw_idx on libraries.bad_line (resource, raw_key) where state = 'open' and raw_key is not null;
create index bad_line_received_idx on libraries.bad_line (number desc);
-- When a sender last brought something, and how much today.
create index batch_received_idx on libraries.batch (received_by, received_at desc);
