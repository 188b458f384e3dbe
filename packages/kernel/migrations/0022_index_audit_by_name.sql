-- Reason: the auditor asks by the name that stands in the row, which may be one that its bearer no longer has.
-- Locks: share on kernel.audit_event while the index is made: writers wait for it. Safe while running: yes.
create index audit_event_name_at_idx on kernel.audit_event (person_name, at, seq);
