-- Reason: how a person likes to see the platform (个人设置): text size, contrast, notices, named filters of lists.
-- Locks: none (new table). Safe while running: yes.
create table identity.preference (
  account_id uuid not null,
  content jsonb not null,
  updated_at timestamptz not null,
  constraint preference_pk primary key (account_id),
  constraint preference_account_fk foreign key (account_id) references identity.account (id)
);
