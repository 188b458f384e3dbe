-- Reason: who looked at a thing stands in the same log as who did and who was refused (GB/T 22239 安全审计); the auditor's
--   page reads millions of rows by time, office, person, act or request.
-- Locks: access exclusive on kernel.audit_event for the constraint (no scan: `not valid`, then validated beside writers) and
--   share while each index is made: writers wait for it, about a second per million rows.
-- Safe while running: yes; a server of the version before writes the two older outcomes.
alter table kernel.audit_event drop constraint audit_event_outcome_known;
alter table kernel.audit_event add constraint audit_event_outcome_known check (outcome in ('done', 'refused', 'looked')) not valid;
alter table kernel.audit_event validate constraint audit_event_outcome_known;

-- Every list of the log is ordered by (at, seq): the clock of the row, then its number, which together are different for each.
create index audit_event_at_idx on kernel.audit_event (at, seq);
create index audit_event_org_at_idx on kernel.audit_event (org_id, at, seq);
create index audit_event_action_at_idx on kernel.audit_event (action, at, seq);
create index audit_event_person_at_idx on kernel.audit_event (person_id, at, seq);
create index audit_event_refused_idx on kernel.audit_event (at, seq) where outcome = 'refused';
create index audit_event_request_idx on kernel.audit_event (request_id);
drop index kernel.audit_event_person_idx;
