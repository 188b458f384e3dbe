-- Reason: notices on holidays that come out after a release, and working hours of organisations; limits are counted by them.
-- Locks: none (new tables). Safe while running: yes.
create table kernel.holiday_notice (
  year integer not null,
  version integer not null,
  days jsonb not null,
  papers jsonb not null,
  loaded_by text not null,
  loaded_at timestamptz not null,
  constraint holiday_notice_pk primary key (year, version)
);
comment on table kernel.holiday_notice is 'append-only: what a limit was counted by can be looked up for ever';

create table kernel.office_hours (
  id uuid primary key,
  org_id text,
  valid_from date not null,
  valid_to date,
  week jsonb not null,
  version integer not null,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint office_hours_validity_ordered check (valid_to > valid_from)
);
create unique index office_hours_from_idx on kernel.office_hours (coalesce(org_id, ''), valid_from);
