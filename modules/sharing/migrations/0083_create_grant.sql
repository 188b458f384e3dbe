-- Reason: what one organisation may have of another's registered resource (授权, WH12-8, GE18-2.3): items by their ids, whole or masked, which
-- records, in which way, for what and until when. Looks and feeds ask for it again and again.
-- Locks: none (new table). Safe while running: yes.
create table sharing."grant" (
  id uuid not null,
  -- 授权编号, and the order of the list
  number bigint generated always as identity,
  -- the catalog entry; belongs to another module: no foreign key
  resource text not null,
  -- whose resource it is, and who may use it
  provider_org_id text not null,
  org_id text not null,
  -- 接口查询, 数据订阅, 文件比对
  way text not null,
  -- item id -> how it is masked, null for whole
  items jsonb not null,
  -- what every record that is seen fulfils
  row_conditions jsonb not null,
  purpose text not null,
  -- civil days, both included
  valid_from date not null,
  valid_until date not null,
  -- records a day; null: without a limit
  quota_per_day integer,
  state text not null,
  state_reason text,
  state_at timestamptz not null,
  version integer not null default 1,
  granted_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint grant_pk primary key (id),
  constraint grant_number_unique unique (number),
  constraint grant_way_known check (way in ('query', 'subscription', 'file')),
  constraint grant_state_known check (state in ('in-force', 'suspended', 'revoked')),
  constraint grant_reason_given check ((state = 'in-force') = (state_reason is null)),
  constraint grant_term check (valid_from <= valid_until),
  constraint grant_of_others check (provider_org_id <> org_id),
  constraint grant_items_some check (items <> '{}'::jsonb),
  constraint grant_quota_positive check (quota_per_day > 0)
);
create index grant_resource_idx on sharing."grant" (resource, org_id);
create index grant_org_idx on sharing."grant" (org_id);
