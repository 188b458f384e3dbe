-- Reason: notices to people in the product (消息), written in the transaction of the act they tell of.
-- Locks: none (new table). Safe while running: yes.
create table notices.notice (
  id uuid primary key,
  person_id text not null,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  title text not null,
  body text not null,
  href text,
  once_key text not null,
  sent_at timestamptz not null,
  read_at timestamptz,
  constraint notice_kind_shape check (kind ~ '^[a-z][a-z0-9.-]{0,62}$'),
  constraint notice_title_length check (length(title) between 1 and 200),
  -- Also for two acts that run at once: one person hears of one thing once.
  constraint notice_once unique (once_key, person_id)
);
create index notice_person_idx on notices.notice (person_id, sent_at desc, id);
create index notice_unread_idx on notices.notice (person_id) where read_at is null;
