-- Reason: channels (通道) by which departments' agents hand in batches of records, with the keys they sign by and how far each lane has come
-- (WH12-8, WH23-16). Which records came is in libraries; here stands who may send them and in which order they were taken.
-- Locks: none (new tables). Safe while running: yes.
create table exchange.channel (
  id uuid not null,
  -- 通道编号, and the order of the list
  number bigint generated always as identity,
  name text not null,
  -- whose machine sends; belongs to another module: no foreign key
  org_id text not null,
  -- the resource of the library
  resource text not null,
  state text not null,
  state_reason text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint channel_pk primary key (id),
  constraint channel_number_unique unique (number),
  constraint channel_name_unique unique (org_id, name),
  constraint channel_state_known check (state in ('in-use', 'suspended')),
  constraint channel_reason_given check ((state = 'suspended') = (state_reason is not null))
);

create table exchange.channel_key (
  channel_id uuid not null,
  fingerprint text not null,
  public_key text not null,
  -- so that a key of one office is never taken for another's
  org_id text not null,
  registered_at timestamptz not null,
  registered_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  constraint channel_key_pk primary key (channel_id, fingerprint),
  constraint channel_key_channel_fk foreign key (channel_id) references exchange.channel (id)
);
create index channel_key_fingerprint_idx on exchange.channel_key (fingerprint);

-- One row per lane, locked while a batch of it is written: that is what keeps the order, and a sender that was replaced away from the records.
create table exchange.lane (
  channel_id uuid not null,
  lane text not null,
  epoch integer not null,
  claimed_at timestamptz not null,
  claimed_by text not null,
  last_number bigint not null default 0,
  last_at timestamptz,
  last_receipt jsonb,
  failed_at timestamptz,
  failure jsonb,
  constraint lane_pk primary key (channel_id, lane),
  constraint lane_channel_fk foreign key (channel_id) references exchange.channel (id)
) with (fillfactor = 50);
