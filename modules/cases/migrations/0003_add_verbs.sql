-- Reason: what offices do beside deciding: a task held by name, opinions and answers that wait, cases merged, voided, supervised, copied;
-- and a work list that one index answers in its order.
-- Locks: access exclusive on cases.task while it is rewritten (generated columns). Safe while running: no, run at the start.

alter table cases.case_file
  drop constraint case_file_status_known,
  add constraint case_file_status_known
    check (status in ('draft', 'running', 'returned', 'withdrawn', 'ended', 'rejected', 'merged', 'voided')),
  -- The case it follows (并案) and, once that one is over, how.
  add column merged_into uuid references cases.case_file (id),
  add column followed_outcome text,
  -- Who has put it under supervision (督办).
  add column overseers text[] not null default '{}',
  add constraint case_file_merged_whole check ((status = 'merged') = (merged_into is not null)),
  add constraint case_file_followed_known check (followed_outcome in ('ended', 'rejected', 'voided'));
create index case_file_merged_idx on cases.case_file (merged_into) where merged_into is not null;
create index case_file_overseen_idx on cases.case_file (updated_at desc, id) where overseers <> '{}';
create index case_file_draft_idx on cases.case_file (applicant_person_id, updated_at desc, id) where status = 'draft';

alter table cases.task
  -- task: a step of the procedure; countersign: an opinion asked for (加签); ask: an answer asked for (延期、挂账).
  add column kind text not null default 'task',
  -- Who alone may do it (转办、委托); null for whoever bears the duty.
  add column person_id text,
  add column shelved_until timestamptz,
  add constraint task_kind_known check (kind in ('task', 'countersign', 'ask')),
  -- Whom it waits for, as one key: a work list asks for a few keys and reads each in its order.
  add column holder_key text not null generated always as (
    case when person_id is not null then 'p:' || person_id || '@' || coalesce(org_id, '*') else duty || '@' || coalesce(org_id, '*') end
  ) stored,
  -- What has no limit comes last.
  add column due_rank timestamptz not null generated always as (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) stored;
create index task_work_idx on cases.task (holder_key, due_rank, since_at, case_id, task_id) where closed_at is null;

-- 抄送: who may read a case without having anything to do with it.
create table cases.copy (
  id uuid primary key default gen_random_uuid(),
  case_id uuid not null references cases.case_file (id),
  seq integer not null,
  holder_key text not null,
  from_name text not null,
  note text,
  sent_at timestamptz not null,
  constraint copy_once unique (case_id, seq, holder_key)
);
create index copy_holder_idx on cases.copy (holder_key, sent_at desc, id);

create table cases.copy_read (
  copy_id uuid not null references cases.copy (id),
  person_id text not null,
  read_at timestamptz not null,
  constraint copy_read_pk primary key (copy_id, person_id)
);
