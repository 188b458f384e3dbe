-- Reason: a task keeps the limit it was opened with, in its unit, and what is left of it while its clock stands still.
-- Locks: access exclusive on cases.task for an instant (new nullable columns). Safe while running: yes.

alter table cases.task
  add column limit_amount integer,
  add column limit_unit text,
  add column paused_ground text,
  add column paused_since timestamptz,
  add column paused_left double precision,
  add constraint task_limit_whole check ((limit_amount is null) = (limit_unit is null)),
  add constraint task_limit_unit_known check (limit_unit in ('work-hour', 'hour', 'work-day', 'day', 'month')),
  add constraint task_paused_whole check ((paused_ground is null) = (paused_since is null) and (paused_ground is null) = (paused_left is null));
