-- Reason: resource codes (信息资源代码) are given at registration, without gaps within what a scheme counts, and never changed or given twice.
-- Locks: the table of resources for the time of adding a column. Safe while running: yes.
create table catalog.resource_code (
  code text not null,
  resource_id uuid not null,
  scheme text not null,
  -- the order in which codes were given to one resource: the last one is in use, the others are its former ones
  ordinal bigint generated always as identity,
  issued_by text not null,
  issued_at timestamptz not null,
  constraint resource_code_pk primary key (code),
  constraint resource_code_resource_fk foreign key (resource_id) references catalog.resource (id)
);
create index resource_code_resource_idx on catalog.resource_code (resource_id);
comment on table catalog.resource_code is 'append-only: a code once given is neither changed nor given to another resource';

create table catalog.code_counter (
  scheme text not null,
  counted_by text not null,
  last integer not null,
  constraint code_counter_pk primary key (scheme, counted_by)
);

-- the code in use, for lists; the register of codes is the table above
alter table catalog.resource add column code text;
create unique index resource_code_unique on catalog.resource (code) where code is not null;
