-- Reason: who asks what of whom (共享申请, GE18-2.3, WH23-16), each decision on it with its reason and basis, kept for good beside what came after, and
-- how much a grant was used.
-- Locks: sharing.grant is empty but for tests; the new columns may be null. Safe while running: yes.
create table sharing.request (
  id uuid not null,
  -- 申请编号, and the order of the list
  number bigint generated always as identity,
  -- the catalog entry, as it was called when it was asked for
  resource text not null,
  title text not null,
  provider_org_id text not null,
  org_id text not null,
  way text not null,
  -- item id -> wanted whole (true) or as the catalog masks it (false)
  items jsonb not null,
  row_conditions jsonb not null,
  purpose text not null,
  -- 办理事项
  matter text not null,
  -- 依据: law and article, or paper and its number
  basis text not null,
  -- 最小必要说明, of sensitive items
  necessity text,
  valid_from date not null,
  valid_until date not null,
  quota_per_day integer,
  -- the grant that it renews
  renews uuid,
  state text not null,
  returned_reason text,
  dispute_reason text,
  -- what the provider, or in a dispute the center, is about to decide
  proposed jsonb,
  -- persons who wrote it: none of them signs it
  written_by jsonb not null,
  submitted_by text,
  submitted_at timestamptz,
  decided_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint request_pk primary key (id),
  constraint request_number_unique unique (number),
  constraint request_way_known check (way in ('query', 'subscription', 'file')),
  constraint request_state_known check (state in ('draft', 'submitted', 'signed-off', 'returned', 'granted', 'granted-less', 'refused', 'disputed', 'directed', 'upheld', 'abandoned')),
  constraint request_of_others check (provider_org_id <> org_id),
  constraint request_term check (valid_from <= valid_until)
);
create index request_resource_idx on sharing.request (resource);
create index request_org_idx on sharing.request (org_id);
create index request_provider_idx on sharing.request (provider_org_id);

create table sharing.decision (
  id bigint generated always as identity,
  request_id uuid not null,
  -- 系统按目录, 提供方, 市大数据中心复核
  decided_as text not null,
  outcome text not null,
  -- what was granted; null of a refusal
  terms jsonb,
  reason text,
  basis_law text,
  basis_clause text,
  grant_id uuid,
  decided_by text not null,
  decided_at timestamptz not null,
  constraint decision_pk primary key (id),
  constraint decision_request_fk foreign key (request_id) references sharing.request (id),
  constraint decision_as_known check (decided_as in ('system', 'provider', 'center')),
  constraint decision_outcome_known check (outcome in ('granted', 'granted-less', 'refused', 'directed', 'upheld')),
  constraint decision_refusal_has_basis check (outcome <> 'refused' or (basis_law is not null and basis_clause is not null))
);
comment on table sharing.decision is 'append-only: what was decided once stays readable, whatever is decided after it';
create index decision_request_idx on sharing.decision (request_id);

alter table sharing."grant" add column request_id uuid, add column title text not null default '', add column terms text;
create index grant_request_idx on sharing."grant" (request_id);

create table sharing.use (
  grant_id uuid not null,
  -- civil day
  day date not null,
  queries integer not null,
  records integer not null,
  last_at timestamptz not null,
  constraint use_pk primary key (grant_id, day),
  constraint use_grant_fk foreign key (grant_id) references sharing."grant" (id)
);
