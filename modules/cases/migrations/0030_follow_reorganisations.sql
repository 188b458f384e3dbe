-- Reason: who handed a case in keeps the name and office of then; which office that is now, after reorganisations, says who reads it.
-- Locks: access exclusive on cases.case_file and cases.task while their rows are filled. Safe while running: no, older programs insert without it.
alter table cases.case_file add column applicant_now_org_id text;
update cases.case_file set applicant_now_org_id = applicant_org_id;
alter table cases.case_file alter column applicant_now_org_id set not null;
create index case_file_applicant_org_idx on cases.case_file (applicant_now_org_id);

-- For duties that are given for an area: whose case it is.
alter table cases.task add column concerns_org_id text;
update cases.task t set concerns_org_id = f.applicant_org_id from cases.case_file f where f.id = t.case_id;
alter table cases.task alter column concerns_org_id set not null;
