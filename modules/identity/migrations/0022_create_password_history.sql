-- Reason: the last passwords of an account may not be set again; only their hashes are kept.
-- Locks: none (new table). Safe while running: yes.
create table identity.password_history (
  account_id uuid not null,
  seq bigint generated always as identity,
  password_hash text not null,
  replaced_at timestamptz not null,
  constraint password_history_pk primary key (account_id, seq),
  constraint password_history_account_fk foreign key (account_id) references identity.account (id)
);
