-- Reason: a project keeps one id for life, from the first proposal to its evaluation (WH23-5 to WH23-20).
-- Locks: none (new tables). Safe while running: yes.
create table projects.project (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null,
  stage text not null default 'draft',
  owner_org_id text not null,
  owner_org_kind text not null,
  builder text not null,
  builder_org_id text not null,
  user_unit_org_id text not null,
  reach text not null,
  deliverables text[] not null,
  funding text[] not null,
  summary text not null,
  plan_basis text not null,
  necessity text not null default '',
  planned_deployment text not null,
  app_stage text not null default 'none',
  standard_interface boolean,
  superior_coordinated boolean not null,
  om_cost_fen bigint not null,
  budget_fen bigint not null,
  responsible_person text not null,
  no_data_reason text not null default '',
  -- false while an office holds the proposal; a return or a withdrawal opens it again
  editable boolean not null default true,
  -- set by the office that answers for it, never by the applicant
  government_system boolean,
  urgency text not null default 'none',
  urgency_reason text not null default '',
  superior_filed_at timestamptz,
  superior_received_at timestamptz,
  submitted_at timestamptz,
  reviewed_at timestamptz,
  argued_at timestamptz,
  proposal_approved_at timestamptz,
  feasibility_approved_at timestamptz,
  preliminary_design_approved_at timestamptz,
  established_at timestamptz,
  approved_fen bigint,
  funded_at timestamptz,
  funded_fen bigint,
  tender_started_at timestamptz,
  tender_venue text,
  building_since timestamptz,
  accepted_at timestamptz,
  handed_over_at timestamptz,
  evaluated_at timestamptz,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint project_name_length check (length(name) between 1 and 200),
  constraint project_money_positive check (om_cost_fen >= 0 and budget_fen >= 0 and coalesce(approved_fen, 0) >= 0 and coalesce(funded_fen, 0) >= 0),
  constraint project_urgency_known check (urgency in ('none', 'declared', 'confirmed', 'rejected'))
);
create index project_owner_idx on projects.project (owner_org_id, updated_at desc);
create index project_builder_idx on projects.project (builder_org_id, updated_at desc);
create index project_user_unit_idx on projects.project (user_unit_org_id);
create index project_recent_idx on projects.project (updated_at desc, id);

create table projects.budget_line (
  project_id uuid not null references projects.project (id) on delete cascade,
  line_no integer not null,
  title text not null,
  category text not null,
  amount_fen bigint not null,
  constraint budget_line_pk primary key (project_id, line_no),
  constraint budget_line_positive check (amount_fen >= 0)
);

create table projects.declared_system (
  project_id uuid not null references projects.project (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  functions text not null,
  constraint declared_system_pk primary key (project_id, id)
);

create table projects.declared_resource (
  project_id uuid not null references projects.project (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  constraint declared_resource_pk primary key (project_id, id)
);

create table projects.city_plan (
  id uuid primary key default gen_random_uuid(),
  year integer not null,
  title text not null,
  state text not null default 'compiling',
  note text not null default '',
  compiled_by text not null,
  compiled_by_person_id text not null,
  joint_reviewed_at timestamptz,
  approved_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint city_plan_state_known check (state in ('compiling', 'submitted', 'joint-reviewed', 'approved', 'rejected'))
);
create index city_plan_year_idx on projects.city_plan (year, created_at);

create table projects.plan_entry (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references projects.project (id),
  year integer not null,
  state text not null default 'filed',
  city_plan_id uuid references projects.city_plan (id),
  filed_by text not null,
  filed_at timestamptz not null,
  reviewed_at timestamptz,
  constraint plan_entry_state_known check (state in ('filed', 'returned', 'reviewed', 'rejected', 'withdrawn', 'listed'))
);
-- One live entry of a project a year: a second filing of the same project is the same project again.
create unique index plan_entry_once_idx on projects.plan_entry (project_id, year) where state <> 'rejected';
create index plan_entry_year_idx on projects.plan_entry (year, state, filed_at);
create index plan_entry_city_plan_idx on projects.plan_entry (city_plan_id);

create table projects.contract (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references projects.project (id),
  number text not null,
  supplier text not null,
  amount_fen bigint not null,
  signed_on date not null,
  registered_by text not null,
  registered_at timestamptz not null,
  constraint contract_positive check (amount_fen > 0),
  constraint contract_number_once unique (project_id, number)
);

create table projects.payment_term (
  contract_id uuid not null references projects.contract (id),
  line_no integer not null,
  title text not null,
  amount_fen bigint not null,
  constraint payment_term_pk primary key (contract_id, line_no),
  constraint payment_term_positive check (amount_fen > 0)
);

create table projects.payment (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references projects.project (id),
  contract_id uuid not null references projects.contract (id),
  line_no integer not null,
  amount_fen bigint not null,
  state text not null default 'requested',
  requested_by text not null,
  requested_at timestamptz not null,
  released_at timestamptz,
  constraint payment_state_known check (state in ('requested', 'released', 'refused', 'withdrawn')),
  constraint payment_term_fk foreign key (contract_id, line_no) references projects.payment_term (contract_id, line_no)
);
-- A term of a contract is paid once.
create unique index payment_once_idx on projects.payment (contract_id, line_no) where state in ('requested', 'released');
create index payment_project_idx on projects.payment (project_id);

create table projects.milestone (
  project_id uuid not null references projects.project (id),
  id uuid not null default gen_random_uuid(),
  title text not null,
  due_on date not null,
  done_on date,
  constraint milestone_pk primary key (project_id, id)
);

create table projects.progress_report (
  project_id uuid not null references projects.project (id),
  id uuid not null default gen_random_uuid(),
  period text not null,
  percent integer not null,
  text text not null,
  reported_by text not null,
  reported_at timestamptz not null,
  constraint progress_report_pk primary key (project_id, id),
  constraint progress_report_percent check (percent between 0 and 100)
);
comment on table projects.progress_report is 'append-only: a report once handed in is not rewritten';

create table projects.tender_result (
  project_id uuid primary key references projects.project (id),
  venue text not null,
  notice_number text not null,
  winner text not null,
  amount_fen bigint not null,
  opened_on date not null,
  registered_by text not null,
  registered_at timestamptz not null
);

create table projects.evaluation (
  project_id uuid primary key references projects.project (id),
  opened_by text not null,
  opened_at timestamptz not null,
  requirement text not null,
  self_report text not null default '',
  score integer,
  grade text,
  conclusion text not null default '',
  concluded_at timestamptz,
  constraint evaluation_score check (score between 0 and 100)
);

create table projects.project_change (
  project_id uuid not null references projects.project (id),
  id uuid not null default gen_random_uuid(),
  aspect text not null,
  before text not null,
  after text not null,
  reason text not null,
  state text not null default 'filed',
  filed_by text not null,
  filed_at timestamptz not null,
  constraint project_change_pk primary key (project_id, id)
);

create table projects.funding (
  project_id uuid primary key references projects.project (id),
  amount_fen bigint not null,
  budget_year integer not null,
  channel text not null,
  prepared_by text not null,
  prepared_at timestamptz not null,
  scheduled_at timestamptz,
  constraint funding_positive check (amount_fen > 0)
);
