-- Reason: a published entry is changed (变更) and withdrawn (撤销) by a record of its own, while the version in force stays as it is.
-- Locks: none on the new tables; the table of resources while two unique rules are replaced (a second for 100,000). Safe while running: in a quiet hour.
create table catalog.amendment (
  id uuid primary key default gen_random_uuid(),
  -- the order of every list
  number bigint generated always as identity,
  resource_id uuid not null,
  -- change, withdrawal
  kind text not null,
  reason text not null,
  -- of a change: the whole entry as it is to be, and the number of the last item id that was given in it
  content jsonb,
  last_item integer,
  -- of a change that was published: what was in force until then
  replaced jsonb,
  -- of a withdrawal: why (数据来源取消、并入其他目录 …), and the entry that it was merged into
  ground text,
  merged_into uuid,
  state text not null,
  returned_reason text,
  -- ids of the people who wrote it: none of them signs it off
  compiled_by jsonb not null,
  submitted_by text,
  submitted_at timestamptz,
  settled_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint amendment_number_unique unique (number),
  constraint amendment_resource_fk foreign key (resource_id) references catalog.resource (id),
  constraint amendment_merged_into_fk foreign key (merged_into) references catalog.resource (id)
);
create index amendment_resource_idx on catalog.amendment (resource_id);
-- one at a time: a second would be written against what the first is about to replace
create unique index amendment_open_unique on catalog.amendment (resource_id) where state not in ('settled', 'abandoned');

create table catalog.amendment_version (
  amendment_id uuid not null,
  version integer not null,
  content jsonb not null,
  submitted_by text not null,
  submitted_at timestamptz not null,
  constraint amendment_version_pk primary key (amendment_id, version),
  constraint amendment_version_amendment_fk foreign key (amendment_id) references catalog.amendment (id)
);
comment on table catalog.amendment_version is 'append-only: what was handed in stays as it was handed in';

-- A withdrawn entry keeps its code for good; its name and what it stood for are free again.
alter table catalog.resource add column withdrawn_at timestamptz;
alter table catalog.resource add column changed_at timestamptz;
alter table catalog.resource drop constraint resource_name_unique;
create unique index resource_name_unique on catalog.resource (org_id, name) where state <> 'withdrawn';
drop index catalog.resource_declared_unique;
create unique index resource_declared_unique on catalog.resource (project_id, declared_resource_id)
  where declared_resource_id is not null and state <> 'withdrawn';
