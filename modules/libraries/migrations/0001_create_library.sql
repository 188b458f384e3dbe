-- Reason: base libraries (基础库): the structure of each collected resource by version, its change log, its batches and what was set aside
-- (WH12-7, WH12-8, WH23-16). The records themselves stand in one table per resource in the schema library_data, which the installer makes.
-- Every key begins with the resource, so that all of one resource can lie on one node.
-- Locks: none (new tables). Safe while running: yes.
create table libraries.resource (
  -- the catalog entry
  resource text not null,
  -- names the table of its records
  number integer generated always as identity,
  title text not null,
  kind text not null check (kind in ('state', 'event')),
  installed_at timestamptz not null,
  constraint resource_pk primary key (resource),
  constraint resource_number_unique unique (number)
);

create table libraries.structure (
  resource text not null,
  version integer not null,
  definition jsonb not null,
  installed_at timestamptz not null,
  constraint structure_pk primary key (resource, version)
);
comment on table libraries.structure is 'append-only: the log names the version that each change was written under';

-- One row per resource, locked by whoever writes to it: numbers are given without a gap and in the order of commits.
create table libraries.head (
  resource text not null,
  last_seq bigint not null default 0,
  structure integer not null,
  constraint head_pk primary key (resource)
) with (fillfactor = 50);

create table libraries.batch (
  resource text not null,
  batch_id text not null,
  digest text not null,
  received_at timestamptz not null,
  received_by text not null,
  receipt jsonb,
  constraint batch_pk primary key (resource, batch_id)
);

create table libraries.log_chunk (
  resource text not null,
  seq_to bigint not null,
  seq_from bigint not null,
  structure integer not null,
  codec text not null check (codec in ('plain', 'zstd')),
  bytes bytea not null,
  at timestamptz not null,
  constraint log_chunk_pk primary key (resource, seq_to)
);
-- Packed already.
alter table libraries.log_chunk alter column bytes set storage external;

create table libraries.bad_line (
  resource text not null,
  batch_id text not null,
  line integer not null,
  record_key text,
  text text not null,
  problems jsonb not null,
  at timestamptz not null,
  constraint bad_line_pk primary key (resource, batch_id, line)
);
create index bad_line_at_idx on libraries.bad_line (resource, at desc);

create schema if not exists library_data;
