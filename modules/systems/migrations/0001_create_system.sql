-- Reason: the register of information systems and what the responsible offices answered about them (WH23-4, WH23-16, WH23-17).
-- Locks: none (new tables). Safe while running: yes.
create table systems.system (
  id uuid primary key default gen_random_uuid(),
  -- 编号, and the order of every list
  number bigint generated always as identity,
  name text not null,
  org_id text not null,
  user_unit_org_id text,
  -- belongs to another module: no foreign key
  project_id text,
  functions text not null,
  usage_scope text not null,
  usage_frequency text not null,
  approving_body text,
  approved_on date,
  funding text[] not null,
  status text not null,
  registered_by_person_id text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint system_number_unique unique (number),
  constraint system_name_unique unique (org_id, name)
);
create index system_project_idx on systems.system (project_id) where project_id is not null;
create index system_user_unit_idx on systems.system (user_unit_org_id) where user_unit_org_id is not null;

create table systems.confirmation_request (
  id uuid primary key default gen_random_uuid(),
  system_id uuid not null,
  note text not null,
  state text not null,
  requested_by_person_id text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  closed_by text,
  closed_at timestamptz,
  closing_note text,
  constraint confirmation_request_system_fk foreign key (system_id) references systems.system (id),
  constraint confirmation_request_state_known check (state in ('open', 'answered', 'returned'))
);
create unique index confirmation_request_one_open on systems.confirmation_request (system_id) where state = 'open';
create index confirmation_request_system_idx on systems.confirmation_request (system_id, requested_at);

create table systems.answer (
  system_id uuid not null,
  seq bigint generated always as identity,
  fact text not null,
  value jsonb not null,
  standing text not null,
  evidence text not null,
  person_id text not null,
  person_name text not null,
  org_id text not null,
  org_name text not null,
  at timestamptz not null,
  constraint answer_pk primary key (system_id, seq),
  constraint answer_system_fk foreign key (system_id) references systems.system (id),
  constraint answer_standing_known check (standing in ('declared', 'confirmed'))
);
comment on table systems.answer is 'append-only: an office answers anew, it never changes what it answered before';
create index answer_fact_idx on systems.answer (system_id, fact, seq desc);
