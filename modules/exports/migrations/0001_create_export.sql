-- Reason: lists that somebody takes along as a workbook: who, what, how far, and the file until it expires.
-- Locks: none (new tables). Safe while running: yes.

create table exports.export (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  person_id text not null,
  person_name text not null,
  post_id text not null,
  post_title text not null,
  org_name text not null,
  list text not null,
  title text not null,
  params jsonb not null,
  query jsonb not null,
  columns text[] not null,
  filters jsonb not null,
  state text not null,
  total_rows integer,
  done_rows integer not null default 0,
  failure text,
  size_bytes integer,
  sha256 text,
  requested_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz not null,
  constraint export_state_known check (state in ('running', 'ready', 'cancelled', 'failed')),
  constraint export_done_positive check (done_rows >= 0)
);
create index export_account_idx on exports.export (account_id, requested_at desc, id);
create index export_running_idx on exports.export (requested_at) where state = 'running';
create index export_expiry_idx on exports.export (expires_at);

-- The file in pieces, so that neither writing nor sending it holds all of it in memory.
create table exports.export_piece (
  export_id uuid not null references exports.export (id) on delete cascade,
  seq integer not null,
  content bytea not null,
  constraint export_piece_pk primary key (export_id, seq)
);
