-- Reason: whoever compiled an entry may not sign it off for the department (部门负责人审签): who compiled it is kept with it.
-- Locks: the table of resources for the time of adding a column. Safe while running: yes.
-- Of entries compiled before, who handed in is known from their cases; who else typed is not.
alter table catalog.resource add column compiled_by jsonb not null default '[]';
