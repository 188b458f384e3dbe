-- Reason: interfaces of departments that the center passes granted queries through to (接口转接, WH12-8, WH23-16): what each is, who let it be
-- used, how it does, and which calls were made. Not one value of a record stands here.
-- Locks: none (new tables). Safe while running: yes.
create table interfaces.interface (
  -- the catalog entry, one interface for each; belongs to another module: no foreign key
  resource text not null,
  -- 接口编号, and the order of the list
  number bigint generated always as identity,
  title text not null,
  -- whose interface it is
  org_id text not null,
  state text not null,
  state_reason text,
  -- address, method, parameters, fields, time limit, certificate of its authority
  config jsonb not null,
  -- sealed under a key that is not in the database; never given out
  credential text,
  -- the person who registered it as it is now: somebody else lets it be used
  registered_by text not null,
  registered_name text not null,
  registered_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  -- faults one after the other, and until when nothing is asked of it (熔断)
  failures integer not null default 0,
  paused_until timestamptz,
  version integer not null default 1,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint interface_pk primary key (resource),
  constraint interface_number_unique unique (number),
  constraint interface_state_known check (state in ('submitted', 'approved', 'refused', 'stopped')),
  constraint interface_reason_given check ((state in ('refused', 'stopped')) = (state_reason is not null)),
  constraint interface_failures_counted check (failures >= 0)
);
create index interface_org_idx on interfaces.interface (org_id);

create table interfaces.call (
  id bigint generated always as identity,
  resource text not null,
  at timestamptz not null,
  org_id text not null,
  org_name text not null,
  -- the grant that it rested on; null for the provider's own looks
  grant_number bigint,
  milliseconds integer not null,
  -- null: it was answered
  fault text,
  -- what the department's own people need to find it: a status, the name of an error of the connection
  cause text,
  records integer not null,
  -- records that did not fit the catalog, by item
  faulty jsonb not null,
  constraint call_pk primary key (id),
  constraint call_interface_fk foreign key (resource) references interfaces.interface (resource)
);
create index call_resource_idx on interfaces.call (resource, id desc);
create index call_at_idx on interfaces.call (at);
