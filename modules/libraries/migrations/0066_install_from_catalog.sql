-- Reason: what the catalog has registered and the city collects is built by itself (WH12-8); how far that is, and why it could not be, is kept for
-- the center. Which resource of which pack an entry was introduced from stays known, as the pack was then.
-- Locks: none (new tables). Safe while running: yes.
create table libraries.installation (
  -- the catalog entry
  resource text not null,
  title text not null,
  org_id text not null,
  -- the version of the entry in force that is wanted
  version integer not null,
  state text not null check (state in ('installed', 'refused', 'failed')),
  reasons jsonb not null,
  tries integer not null,
  tried_at timestamptz not null,
  constraint installation_pk primary key (resource)
);

create table libraries.pack_origin (
  resource text not null,
  pack text not null,
  pack_version text not null,
  pack_resource text not null,
  digest text not null,
  -- kind, types, rules and items that point at a person, by item ids
  structure jsonb not null,
  introduced_at timestamptz not null,
  constraint pack_origin_pk primary key (resource)
);
comment on table libraries.pack_origin is 'append-only: a later pack does not change what was introduced from an earlier one';
