-- Reason: contracts name their supplier (承建单位) as a row of a register; its agents see and hand in what belongs to these contracts (WH23-13, 18).
-- Locks: access exclusive on projects.contract while its rows are pointed at the register (some thousands). Safe while running: no, older
-- programs insert contracts without an enterprise.
--
-- A row without a code comes from a contract that named its supplier by text alone. It can have no agents until the center has filled in the code.
create table projects.enterprise (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  uscc text,
  registered_by text not null,
  registered_at timestamptz not null,
  constraint enterprise_name_length check (length(name) between 1 and 200),
  constraint enterprise_uscc_shape check (uscc ~ '^[0-9A-Z]{18}$')
);
create unique index enterprise_uscc_unique on projects.enterprise (uscc);
create unique index enterprise_name_alone_unique on projects.enterprise (name) where uscc is null;
create index enterprise_order_idx on projects.enterprise (name collate "C", id);

-- The text that was signed (`supplier`) stays as it was signed.
alter table projects.contract add column enterprise_id uuid;
insert into projects.enterprise (name, registered_by, registered_at)
select left(btrim(supplier), 200), '由已登记的合同转入', min(registered_at) from projects.contract where btrim(supplier) <> '' group by 1;
insert into projects.enterprise (name, registered_by, registered_at)
select '（合同未写明）', '由已登记的合同转入', min(registered_at) from projects.contract where btrim(supplier) = '' having count(*) > 0
on conflict do nothing;
update projects.contract c set enterprise_id = e.id from projects.enterprise e
where e.name = case when btrim(c.supplier) = '' then '（合同未写明）' else left(btrim(c.supplier), 200) end;
alter table projects.contract
  alter column enterprise_id set not null,
  add constraint contract_enterprise_fk foreign key (enterprise_id) references projects.enterprise (id);
create index contract_enterprise_idx on projects.contract (enterprise_id);

-- What an agent hands in on a contract: progress or the material for a milestone; the building unit accepts it or returns it with the reason.
-- The milestone is kept by its words too: the unit may plan anew, what was handed in stays what it was.
create table projects.supplier_report (
  id uuid primary key default gen_random_uuid(),
  contract_id uuid not null,
  project_id uuid not null,
  milestone_id uuid,
  about text not null,
  text text not null,
  state text not null default 'submitted',
  submitted_by text not null,
  submitted_by_person_id text not null,
  submitted_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  reason text,
  constraint supplier_report_contract_fk foreign key (contract_id) references projects.contract (id),
  constraint supplier_report_project_fk foreign key (project_id) references projects.project (id),
  constraint supplier_report_state_known check (state in ('submitted', 'accepted', 'returned')),
  constraint supplier_report_decided check ((state = 'submitted') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
  constraint supplier_report_returned_with_reason check (state <> 'returned' or btrim(reason) <> '')
);
-- One undecided report of a contract on one matter.
create unique index supplier_report_waiting_idx on projects.supplier_report (contract_id, about) where state = 'submitted';
create index supplier_report_recent_idx on projects.supplier_report (submitted_at desc, id);
create index supplier_report_project_idx on projects.supplier_report (project_id, submitted_at desc);
