-- Reason: a system that was restored from a backup is another than the one whose consumers have read on: each restore begins an epoch with an id of
--   its own, and keeps how far every stream that is read by position had come then, so that who is ahead can be told from who is not.
-- Locks: none (new tables). Safe while running: yes.
create table kernel.system_epoch (
  number integer constraint system_epoch_pk primary key,
  -- Two restores of one backup have the same number and different ids.
  id text not null constraint system_epoch_id_once unique,
  begun_at timestamptz not null,
  -- Which backup; null for the first, which nothing went before.
  restored_from jsonb,
  constraint system_epoch_id_form check (id ~ '^[1-9][0-9]{0,8}-[0-9a-f]{12}$'),
  constraint system_epoch_first_is_new check ((number = 1) = (restored_from is null))
);
comment on table kernel.system_epoch is 'append-only: whoever once read under an epoch is judged by it';

create table kernel.epoch_position (
  number integer not null,
  stream text not null,
  position bigint not null,
  constraint epoch_position_pk primary key (number, stream),
  constraint epoch_position_epoch_fk foreign key (number) references kernel.system_epoch (number),
  constraint epoch_position_not_negative check (position >= 0)
);
comment on table kernel.epoch_position is 'append-only: how far each stream had come when an epoch began';

insert into kernel.system_epoch (number, id, begun_at) values (1, '1-' || replace(left(gen_random_uuid()::text, 13), '-', ''), now());
