-- Reason: what is to happen at a time (schedule) or after an event (trigger), as rows with an owner.
-- Locks: none (new tables). Safe while running: yes.

-- catch_up says what becomes of the times that passed while no server ran: 'once' makes up for all of them in one job, 'each' in one job
-- for each, 'skip' leaves them out.
create table kernel.schedule (
  key text primary key,
  owner text not null,
  kind text not null,
  payload jsonb not null default '{}',
  every_seconds integer not null,
  catch_up text not null,
  next_at timestamptz not null,
  constraint schedule_every_positive check (every_seconds > 0),
  constraint schedule_catch_up_known check (catch_up in ('once', 'each', 'skip'))
);
create index schedule_next_idx on kernel.schedule (next_at);

-- once_per says which events of one trigger become one job: 'event' each its own, 'subject' those of one subject that wait together.
create table kernel.trigger (
  key text primary key,
  owner text not null,
  event text not null,
  kind text not null,
  once_per text not null,
  constraint trigger_once_per_known check (once_per in ('event', 'subject'))
);
create index trigger_event_idx on kernel.trigger (event);
create index outbox_delivered_idx on kernel.outbox (delivered_at) where delivered_at is not null;
