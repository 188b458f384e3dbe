-- Reason: a channel's copy at the center and its source are held against each other by checksums (对账, WH12-8 数据校核): each run with how far it looked, what it
-- found and whether that was mended; the keys that differ stand beside it for whoever mends them, a run without an end is one that was broken off.
-- Locks: exchange.alarm for a moment (its check is made anew, the table has a row per episode). Safe while running: yes.
create table exchange.reconciliation (
  -- chosen by the sender, so that a lost answer does no harm
  id uuid not null,
  -- 对账次序, and the order of the list
  number bigint generated always as identity,
  channel_id uuid not null,
  lane text not null,
  epoch integer not null,
  -- the run whose findings were repaired before this one
  follows uuid,
  begun_at timestamptz not null,
  begun_by text not null,
  -- signed asks of the sender, counted: each has the next number
  asks integer not null default 1,
  ended_at timestamptz,
  -- by the hashes beside the records, or by hashes made anew of their values
  by text not null,
  -- position of the change log up to which the last look saw
  seq bigint,
  compared bigint,
  only_source integer,
  only_center integer,
  different integer,
  quarantined integer,
  moving integer,
  bytes bigint,
  repair text,
  -- when a later run found nothing any more
  repaired_at timestamptz,
  constraint reconciliation_pk primary key (id),
  constraint reconciliation_number_unique unique (number),
  constraint reconciliation_channel_fk foreign key (channel_id) references exchange.channel (id),
  constraint reconciliation_by_known check (by in ('hashes', 'values')),
  constraint reconciliation_repair_known check (repair in ('none', 'sent', 'held')),
  constraint reconciliation_ended_whole check ((ended_at is null) = (seq is null) and (ended_at is null) = (compared is null) and (ended_at is null) = (repair is null))
);
create index reconciliation_channel_idx on exchange.reconciliation (channel_id, number desc);

create table exchange.reconciliation_difference (
  reconciliation_id uuid not null,
  number integer not null,
  kind text not null,
  -- as in the library; null where the source has no key that could be read
  record_key text,
  constraint reconciliation_difference_pk primary key (reconciliation_id, number),
  constraint reconciliation_difference_fk foreign key (reconciliation_id) references exchange.reconciliation (id) on delete cascade,
  constraint reconciliation_difference_kind_known check (kind in ('only-source', 'only-center', 'different'))
);

alter table exchange.alarm drop constraint alarm_kind_known;
alter table exchange.alarm add constraint alarm_kind_known check (kind in ('late', 'failing', 'quarantine', 'unreconciled'));
