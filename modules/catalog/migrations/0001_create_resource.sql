-- Reason: the catalog of data resources with items, duties, sharing and grade (WH23-14, WH23-15), frozen at every hand-in.
-- Locks: none (new tables). Safe while running: yes.
create table catalog.resource (
  id uuid primary key default gen_random_uuid(),
  -- the order of every list
  number bigint generated always as identity,
  name text not null,
  org_id text not null,
  user_unit_org_id text,
  -- project, declared resource and system belong to other modules: no foreign keys
  project_id text,
  declared_resource_id text,
  system_id text,
  provider_code text,
  abstract text not null,
  class text,
  format text,
  update_cycle text,
  duties jsonb not null,
  sharing text,
  sharing_condition text,
  basis_law text,
  basis_clause text,
  opening text,
  opening_condition text,
  grade text,
  contains_personal boolean not null,
  contains_sensitive boolean not null,
  masking_rule text,
  state text not null,
  returned_reason text,
  registered_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint resource_number_unique unique (number),
  constraint resource_name_unique unique (org_id, name)
);
create index resource_project_idx on catalog.resource (project_id) where project_id is not null;
create unique index resource_declared_unique on catalog.resource (project_id, declared_resource_id) where declared_resource_id is not null;
create index resource_system_idx on catalog.resource (system_id) where system_id is not null;

create table catalog.item (
  resource_id uuid not null,
  position integer not null,
  name text not null,
  code text not null,
  type text not null,
  length integer,
  is_key boolean not null,
  sensitivity text not null,
  masking text,
  sharing text,
  constraint item_pk primary key (resource_id, position),
  constraint item_resource_fk foreign key (resource_id) references catalog.resource (id) on delete cascade
);

create table catalog.resource_version (
  resource_id uuid not null,
  version integer not null,
  content jsonb not null,
  submitted_by text not null,
  submitted_at timestamptz not null,
  constraint resource_version_pk primary key (resource_id, version)
);
comment on table catalog.resource_version is 'append-only: what was handed in stays as it was handed in';
