-- Reason: clocks that fire (时限), cards (黄牌、红牌) with their explanations, and the history of due dates.
-- Locks: none (new tables). Safe while running: yes.

-- What is to happen at an instant to a task, ask or demand of a case: the truth about it. A job only wakes the check.
-- `due_at` is the end it belongs to: another end makes another row. Without `fire_at` it waits for a calendar to be published.
create table cases.deadline (
  id uuid primary key,
  case_id uuid not null references cases.case_file (id),
  about text not null,
  kind text not null,
  due_at timestamptz not null,
  fire_at timestamptz,
  set_at timestamptz not null,
  -- What was left of a provisional limit when the row was made: counted again from `set_at` once the calendar is there.
  left_amount double precision,
  left_unit text,
  fired_at timestamptz,
  voided_at timestamptz,
  constraint deadline_kind_known check (kind in ('yellow', 'red', 'escalation', 'provisional-recompute', 'ask-expiry')),
  constraint deadline_left_known check ((kind = 'provisional-recompute') = (left_amount is not null and left_unit is not null)),
  constraint deadline_one_end check (fired_at is null or voided_at is null),
  constraint deadline_once unique (case_id, about, kind, due_at)
);
create index deadline_open_idx on cases.deadline (fire_at, id) where fired_at is null and voided_at is null;
create index deadline_case_idx on cases.deadline (case_id) where fired_at is null and voided_at is null;

create table cases.due_change (
  case_id uuid not null references cases.case_file (id),
  task_id text not null,
  seq bigint generated always as identity,
  was_due_at timestamptz,
  was_provisional boolean not null,
  due_at timestamptz,
  provisional boolean not null,
  cause text not null,
  by_name text not null,
  at timestamptz not null,
  constraint due_change_pk primary key (case_id, task_id, seq),
  constraint due_change_cause_known check (cause in ('paused', 'resumed', 'changed', 'recomputed'))
);
comment on table cases.due_change is 'append-only: every end a limit ever had can be looked up';

-- One card for one deadline, also for two servers that fire at once.
create table cases.card (
  id uuid primary key,
  deadline_id uuid not null references cases.deadline (id),
  case_id uuid not null references cases.case_file (id),
  task_id text not null,
  colour text not null,
  step_title text not null,
  duty text not null,
  org_id text,
  holder_person_id text,
  due_at timestamptz not null,
  issued_at timestamptz not null,
  explain_by timestamptz,
  escalated_at timestamptz,
  escalated_to_person_id text,
  escalated_to_name text,
  constraint card_colour_known check (colour in ('yellow', 'red')),
  constraint card_once unique (deadline_id)
);
create index card_case_idx on cases.card (case_id, task_id);
create index card_issued_idx on cases.card (issued_at desc, id);
create index card_holder_idx on cases.card (duty, org_id, issued_at desc);

create table cases.explanation (
  id uuid primary key,
  card_id uuid not null references cases.card (id),
  reason text not null,
  person_id text not null,
  person_name text not null,
  org_id text not null,
  org_name text not null,
  given_at timestamptz not null,
  verdict text,
  opinion text,
  reviewed_by_person_id text,
  reviewed_by_name text,
  reviewed_at timestamptz,
  constraint explanation_verdict_known check (verdict in ('accepted', 'rejected')),
  constraint explanation_reviewed_whole check ((verdict is null) = (reviewed_at is null))
);
-- A further explanation only after the one before was not accepted.
create unique index explanation_open_idx on cases.explanation (card_id) where verdict is distinct from 'rejected';
