-- Reason: problems found under WH23-20 with their rectification and payment hold, and records withheld (WH23-18).
-- Locks: none (new tables). Safe while running: yes.
create table supervision.problem (
  id uuid primary key default gen_random_uuid(),
  -- the order of every list
  number bigint generated always as identity,
  -- the project belongs to another module: no foreign key; name and parties as they were when the problem was found
  project_id text not null,
  project_name text not null,
  builder_org_id text not null,
  user_unit_org_id text not null,
  kind text not null,
  party text not null,
  responsible_org_id text not null,
  description text not null,
  demand text not null,
  found_on date not null,
  due_on date not null,
  state text not null,
  ordered_at timestamptz,
  reported_on date,
  report text,
  not_accepted_at timestamptz,
  not_accepted_reason text,
  confirmed_at timestamptz,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint problem_number_unique unique (number),
  constraint problem_party_known check (party in ('builder', 'user-unit'))
);
create index problem_project_idx on supervision.problem (project_id);
create index problem_responsible_idx on supervision.problem (responsible_org_id);
create index problem_builder_idx on supervision.problem (builder_org_id);
create index problem_user_unit_idx on supervision.problem (user_unit_org_id);

create table supervision.payment_hold (
  id uuid primary key default gen_random_uuid(),
  problem_id uuid not null,
  project_id text not null,
  reason text not null,
  duty text not null,
  decided_by_person_id text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  ended_at timestamptz,
  constraint payment_hold_problem_fk foreign key (problem_id) references supervision.problem (id)
);
create unique index payment_hold_one_standing on supervision.payment_hold (problem_id) where ended_at is null;
create index payment_hold_project_idx on supervision.payment_hold (project_id);

create table supervision.withheld_record (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity,
  project_id text not null,
  project_name text not null,
  builder_org_id text not null,
  user_unit_org_id text not null,
  kind text not null,
  description text not null,
  found_on date not null,
  recorded_org_id text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  reply text,
  replied_by text,
  replied_at timestamptz,
  revoked_reason text,
  revoked_by text,
  revoked_at timestamptz,
  version integer not null default 1,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint withheld_record_number_unique unique (number)
);
create index withheld_record_project_idx on supervision.withheld_record (project_id);
create index withheld_record_builder_idx on supervision.withheld_record (builder_org_id);
create index withheld_record_user_unit_idx on supervision.withheld_record (user_unit_org_id);
