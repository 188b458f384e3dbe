-- Reason: cases, their tasks, their signed history and the files handed in with them.
-- Locks: none (new tables). Safe while running: yes.

-- A running case stays on the definition it began under, also when the pack on disk has moved on.
create table cases.definition (
  pack text not null,
  pack_version text not null,
  procedure text not null,
  procedure_version integer not null,
  body jsonb not null,
  forms jsonb not null,
  stored_at timestamptz not null,
  constraint definition_pk primary key (pack, pack_version, procedure, procedure_version)
);
comment on table cases.definition is 'append-only: what a case was decided by never changes';

create table cases.case_file (
  id uuid primary key,
  pack text not null,
  pack_version text not null,
  procedure text not null,
  procedure_version integer not null,
  subject_kind text not null,
  subject_id text not null,
  subject_version integer not null,
  title text not null,
  applicant_person_id text not null,
  applicant_name text not null,
  applicant_org_id text not null,
  applicant_org_name text not null,
  status text not null,
  state jsonb not null,
  opened_at timestamptz not null,
  ended_at timestamptz,
  updated_at timestamptz not null,
  constraint case_file_status_known check (status in ('draft', 'running', 'returned', 'withdrawn', 'ended', 'rejected')),
  constraint case_file_definition_fk foreign key (pack, pack_version, procedure, procedure_version)
    references cases.definition (pack, pack_version, procedure, procedure_version)
);
create index case_file_subject_idx on cases.case_file (subject_kind, subject_id, opened_at);
create index case_file_applicant_idx on cases.case_file (applicant_person_id, updated_at desc, id);
-- One case of a procedure runs on a subject at a time: also for two people who press at once.
create unique index case_file_once_idx on cases.case_file (subject_kind, subject_id, procedure) where ended_at is null;

create table cases.task (
  case_id uuid not null references cases.case_file (id),
  task_id text not null,
  step text not null,
  step_title text not null,
  duty text not null,
  org_id text,
  since_at timestamptz not null,
  due_at timestamptz,
  provisional boolean not null,
  cause text not null,
  from_name text not null,
  closed_at timestamptz,
  constraint task_pk primary key (case_id, task_id)
);
create index task_open_idx on cases.task (duty, org_id, since_at) where closed_at is null;

create table cases.entry (
  case_id uuid not null references cases.case_file (id),
  seq integer not null,
  person_id text not null,
  body jsonb not null,
  form jsonb not null default '{}',
  at timestamptz not null,
  constraint entry_pk primary key (case_id, seq)
);
comment on table cases.entry is 'append-only: signed opinions survive every return';
create index entry_person_idx on cases.entry (person_id, at desc);

create table cases.attachment (
  id uuid primary key default gen_random_uuid(),
  case_id uuid references cases.case_file (id),
  document_kind text,
  file_name text not null,
  media_type text not null,
  size integer not null,
  sha256 text not null,
  content bytea not null,
  uploaded_by_person_id text not null,
  uploaded_by_name text not null,
  uploaded_by_org_id text not null,
  uploaded_at timestamptz not null,
  constraint attachment_name_length check (length(file_name) between 1 and 200),
  constraint attachment_size_positive check (size > 0)
);
create index attachment_case_idx on cases.attachment (case_id);
create index attachment_orphan_idx on cases.attachment (uploaded_at) where case_id is null;
