-- Reason: where an office may decide at either of several seats (或签), it has one piece of work: one clock, one card, late once.
-- Locks: access exclusive on cases.task for a moment (a column without a default); the rows of such steps are written. Safe while running: yes.
alter table cases.task add column spoken_by text;

-- What is open or was, as the engine would say it now: of one step, opened at once, in one office, the limit that ends last speaks.
with seat as (
  select t.case_id, t.task_id, first_value(t.task_id) over (
    partition by t.case_id, t.step, t.org_id, t.since_at
    order by case when t.paused_since is null then t.due_at end desc nulls first, length(t.task_id), t.task_id
  ) as speaker
  from cases.task t
    join cases.case_file f on f.id = t.case_id
    join cases.definition d using (pack, pack_version, procedure, procedure_version)
  where t.kind = 'task' and t.org_id is not null
    and jsonb_path_exists(d.body, '$.steps[*] ? (@.id == $step && @.quorum == "any")', jsonb_build_object('step', t.step))
)
update cases.task t set spoken_by = seat.speaker from seat
  where seat.case_id = t.case_id and seat.task_id = t.task_id and seat.speaker <> t.task_id;

-- Clocks that ran twice stop; a card that was issued stays.
update cases.deadline d set voided_at = now() from cases.task t
  where t.case_id = d.case_id and t.task_id = d.about and t.spoken_by is not null and d.fired_at is null and d.voided_at is null
    and d.kind in ('yellow', 'red', 'escalation');
