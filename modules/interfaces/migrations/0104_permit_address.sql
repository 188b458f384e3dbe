-- Reason: the addresses that interfaces of departments may be at (允许地址): nothing that is not listed is ever connected to.
-- Locks: none (new table). Safe while running: yes.
create table interfaces.permitted_address (
  id uuid not null,
  -- a name of a host; null where the network alone is permitted
  host text,
  -- what the connection is made to has to lie in it
  network cidr not null,
  -- null: any
  port integer,
  reason text not null,
  added_by text not null,
  added_at timestamptz not null,
  constraint permitted_address_pk primary key (id),
  constraint permitted_address_port_range check (port between 1 and 65535),
  constraint permitted_address_host_has_port check (host is null or port is not null)
);
create unique index permitted_address_once on interfaces.permitted_address (coalesce(host, ''), network, coalesce(port, 0));
