-- Reason: catalogs that come as workbooks are looked at before anything is written: the file with its digest, what each entry of it would do and
-- against which version of what is stored, until somebody consents or a week is over.
-- Locks: none (new tables). Safe while running: yes.
create table catalog.import (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  person_id text not null,
  person_name text not null,
  post_id text not null,
  org_id text not null,
  file_name text not null,
  -- forgotten when the time of keeping is over
  content bytea,
  size_bytes integer not null,
  sha256 text not null,
  profile text,
  state text not null,
  -- entries looked at, or written
  done_entries integer not null default 0,
  total_entries integer,
  -- what speaks of no entry in particular
  findings jsonb not null default '[]',
  head_rows jsonb not null default '{}',
  scope text,
  failure text,
  -- one more with every look: consent is given to one look and no other
  version integer not null default 1,
  uploaded_at timestamptz not null,
  checked_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz not null,
  constraint import_state_known check (state in ('checking', 'ready', 'writing', 'written', 'discarded', 'failed'))
);
create index import_account_idx on catalog.import (account_id, uploaded_at desc, id);
create index import_expiry_idx on catalog.import (expires_at) where content is not null;

create table catalog.import_line (
  import_id uuid not null references catalog.import (id) on delete cascade,
  position integer not null,
  name text not null,
  sheet text not null,
  row_number integer not null,
  verdict text not null,
  -- stands against handing in, not against a draft
  errors integer not null,
  warnings integer not null,
  resource_id uuid,
  base_version integer,
  content jsonb,
  difference jsonb not null,
  findings jsonb not null,
  constraint import_line_pk primary key (import_id, position),
  constraint import_line_verdict_known check (verdict in ('new', 'changed', 'unchanged', 'refused'))
);
