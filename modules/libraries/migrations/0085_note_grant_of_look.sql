-- Reason: who looks by a grant (授权) leaves its number with the look, so that the person and the provider can see on what it rested (WH23-16).
-- Locks: short, a column that may be null. Safe while running: yes.
alter table libraries.person_look add column grant_id uuid;
