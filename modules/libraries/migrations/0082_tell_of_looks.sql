-- Reason: the person whose record was looked at is told by whom (谁查看了我的数据): the post and its duties, and on what ground the record was open. Rows
--   of before hold neither. What stands for the number is keyed from now on; rows of before are carried on at the next start, by the owner.
-- Locks: access exclusive on libraries.person_look while columns are added without a rewrite. Safe while running: yes; a server of the version
--   before goes on writing rows without them.
alter table libraries.person_look
  add column post_title text,
  add column duties text[],
  add column ground text,
  add constraint person_look_ground_shape check (ground ~ '^[a-z][a-z-]{0,30}$');
comment on column libraries.person_look.person is 'the key and a digest of the number under it: the log is no other register of numbers';
