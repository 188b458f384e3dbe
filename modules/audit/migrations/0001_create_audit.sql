-- Reason: verifications of the log that run in the background.
-- Locks: none (new table). Safe while running: yes.
create table audit.verification (
  id uuid constraint verification_pk primary key default gen_random_uuid(),
  state text not null,
  done bigint not null default 0,
  total bigint not null default 0,
  heads jsonb not null,
  report jsonb,
  requested_by text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  constraint verification_state_known check (state in ('running', 'holds', 'broken', 'stopped', 'failed'))
);
create index verification_requested_idx on audit.verification (requested_at desc, id desc);
