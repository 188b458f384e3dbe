-- Reason: packages that older rows of the log are taken out to; verifications in the order in which they were asked for.
-- Locks: access exclusive on audit.verification for a moment (few rows). Safe while running: yes.
alter table audit.verification add column number bigint generated always as identity;

create table audit.archive (
  id uuid constraint archive_pk primary key default gen_random_uuid(),
  number bigint generated always as identity,
  from_position bigint not null,
  to_position bigint not null,
  head_hash text not null,
  byte_count bigint not null,
  digest text not null,
  before_on date not null,
  reason text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  constraint archive_positions_ordered check (from_position <= to_position),
  constraint archive_digest_once unique (digest)
);
comment on table audit.archive is 'append-only: which rows were packed, why and by whom; the digest is what the package is compared with before rows are taken out';
