-- Reason: how often a sender holds its source against the center's copy (对账) is told when it starts, so that one that has stopped doing so is an alarm
-- of its own (通道监控, WH12-8); null where none was told, as by senders of before and by those whose source only adds.
-- Locks: exchange.lane and exchange.alarm for a moment (a column without a default, a check made anew over a row per episode). Safe while running: yes.
alter table exchange.lane
  add column reconcile_hours integer,
  -- since when it is promised so: a sender that starts again promises nothing new
  add column reconcile_from timestamptz;

alter table exchange.alarm drop constraint alarm_kind_known;
alter table exchange.alarm add constraint alarm_kind_known
  check (kind in ('late', 'failing', 'quarantine', 'unreconciled', 'reconcile-late'));
