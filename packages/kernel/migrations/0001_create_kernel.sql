-- Reason: audit, outbox, idempotency keys and settings, which every module's acts write to.
-- Locks: none (new tables). Safe while running: yes.
create table kernel.audit_event (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  request_id text not null,
  account_id text,
  person_id text,
  person_name text,
  post_id text,
  org_id text,
  org_name text,
  action text not null,
  outcome text not null,
  subject_kind text not null,
  subject_id text not null,
  detail jsonb not null default '{}',
  constraint audit_event_outcome_known check (outcome in ('done', 'refused'))
);
comment on table kernel.audit_event is 'append-only: the application role may insert and read, never change';
create index audit_event_subject_idx on kernel.audit_event (subject_kind, subject_id, seq);
create index audit_event_person_idx on kernel.audit_event (person_id, seq);

create table kernel.outbox (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  event text not null,
  subject_kind text not null,
  subject_id text not null,
  payload jsonb not null default '{}',
  delivered_at timestamptz
);
create index outbox_undelivered_idx on kernel.outbox (seq) where delivered_at is null;

create table kernel.idempotency (
  account_id text not null,
  key text not null,
  request_hash text not null,
  applied boolean not null default false,
  status integer,
  answer text,
  created_at timestamptz not null,
  constraint idempotency_pk primary key (account_id, key),
  constraint idempotency_key_length check (length(key) between 1 and 200)
);
create index idempotency_created_idx on kernel.idempotency (created_at);

create table kernel.setting (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null
);
