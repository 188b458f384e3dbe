-- Reason: a duty is given from a day, perhaps until a day, and perhaps for an area only (行政区划代码 down to which it reaches).
-- Locks: access exclusive on identity.post_duty while its rows are filled (some thousands). Safe while running: no, older programs insert without a day.
alter table identity.post_duty
  drop constraint post_duty_pk,
  add column id bigint generated always as identity,
  add column area text,
  add column valid_from date,
  add column valid_to date;
update identity.post_duty d set valid_from = p.valid_from from identity.post p where p.id = d.post_id;
alter table identity.post_duty
  alter column valid_from set not null,
  add constraint post_duty_pk primary key (post_id, id),
  add constraint post_duty_area_shape check (area ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
  add constraint post_duty_ordered check (valid_to >= valid_from);
