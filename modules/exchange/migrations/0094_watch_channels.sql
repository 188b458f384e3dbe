-- Reason: what is wrong with a channel is an alarm (告警) that begins, is told once to whom it concerns, and ends by itself when it is cured; what was
-- refused stays known by number and reason, not only the last of it (通道监控, WH12-8).
-- Locks: none (new tables). Safe while running: yes.
create table exchange.alarm (
  id uuid not null,
  channel_id uuid not null,
  kind text not null,
  begun_at timestamptz not null,
  closed_at timestamptz,
  constraint alarm_pk primary key (id),
  constraint alarm_channel_fk foreign key (channel_id) references exchange.channel (id),
  constraint alarm_kind_known check (kind in ('late', 'failing', 'quarantine'))
);
-- One at a time of each kind: two that look at once raise one.
create unique index alarm_open_unique on exchange.alarm (channel_id, kind) where closed_at is null;

-- A sender that is refused tries again and again: one row for each reason of a batch, however often it came.
create table exchange.refusal (
  channel_id uuid not null,
  lane text not null,
  number bigint not null,
  code text not null,
  message text not null,
  times integer not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint refusal_pk primary key (channel_id, lane, number, code),
  constraint refusal_channel_fk foreign key (channel_id) references exchange.channel (id)
);
create index refusal_last_idx on exchange.refusal (channel_id, last_at desc);
