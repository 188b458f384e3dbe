-- Reason: each look at a record about a person is kept with what it was for, so that it can be told who looked (谁查看了我的数据).
-- Locks: none (new table). Safe while running: yes.
create table libraries.person_look (
  seq bigint generated always as identity constraint person_look_pk primary key,
  at timestamptz not null,
  -- SM3 of the person's number: the log is no other register of numbers
  person text not null,
  resource text not null,
  title text not null,
  items jsonb not null,
  masked boolean not null,
  purpose text not null,
  note text not null,
  account_id text not null,
  person_name text not null,
  org_id text not null,
  org_name text not null,
  request_id text not null
);
create index person_look_person_idx on libraries.person_look (person, seq desc);
comment on table libraries.person_look is 'append-only: who looked stays as it was';
