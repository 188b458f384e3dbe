-- Reason: 机构调整 (rename, transfer, merge, split, abolish) with the document that orders it, its day, and what went where.
-- Locks: none (new tables). Safe while running: yes.
create table identity.reorganisation (
  id uuid primary key,
  kind text not null,
  document_number text not null,
  reason text not null,
  effective_on date not null,
  state text not null,
  -- what was ordered, as it was ordered
  plan jsonb not null,
  planned_by text not null,
  planned_at timestamptz not null,
  -- when what had to move has moved
  settled_at timestamptz,
  cancelled_by text,
  cancelled_at timestamptz,
  constraint reorganisation_kind_known check (kind in ('rename', 'transfer', 'merge', 'split', 'abolish')),
  constraint reorganisation_state_known check (state in ('coming', 'done', 'cancelled'))
);
create index reorganisation_order_idx on identity.reorganisation (effective_on desc, planned_at desc, id);
create index reorganisation_due_idx on identity.reorganisation (effective_on) where state = 'coming';

create table identity.reorganisation_organisation (
  reorganisation_id uuid not null,
  organisation_id text not null,
  side text not null,
  -- as they were called on the day before it, or are to be called
  name text not null,
  constraint reorganisation_organisation_pk primary key (reorganisation_id, side, organisation_id),
  constraint reorganisation_organisation_reorganisation_fk foreign key (reorganisation_id) references identity.reorganisation (id),
  constraint reorganisation_organisation_fk foreign key (organisation_id) references identity.organisation (id),
  constraint reorganisation_organisation_side_known check (side in ('from', 'to'))
);
create index reorganisation_organisation_idx on identity.reorganisation_organisation (organisation_id);

create table identity.reorganisation_move (
  reorganisation_id uuid not null,
  seq integer not null,
  kind text not null,
  thing_id text not null,
  title text not null,
  role text not null,
  from_id text not null,
  from_name text not null,
  to_id text not null,
  to_name text not null,
  constraint reorganisation_move_pk primary key (reorganisation_id, seq),
  constraint reorganisation_move_reorganisation_fk foreign key (reorganisation_id) references identity.reorganisation (id)
);
comment on table identity.reorganisation_move is 'append-only: what went where stays recorded';
create index reorganisation_move_thing_idx on identity.reorganisation_move (kind, thing_id);
