-- Reason: 委托代理, a post lent to a named person for a period; a session may stand at such a post.
-- Locks: access exclusive on identity.session for the moment of the change (no rewrite). Safe while running: yes.
create table identity.delegation (
  id uuid primary key,
  -- the post that is lent, and the delegate's own post: it ends with either
  post_id uuid not null,
  to_post_id uuid not null,
  -- null: all duties that the post has, as they change
  duties text[],
  reason text not null,
  valid_from date not null,
  valid_to date not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  constraint delegation_post_fk foreign key (post_id) references identity.post (id),
  constraint delegation_to_post_fk foreign key (to_post_id) references identity.post (id),
  constraint delegation_other_post check (post_id <> to_post_id),
  constraint delegation_ordered check (valid_to >= valid_from)
);
create index delegation_post_idx on identity.delegation (post_id, created_at desc, id);
create index delegation_to_post_idx on identity.delegation (to_post_id, created_at desc, id);

alter table identity.session
  add column delegation_id uuid,
  add constraint session_delegation_fk foreign key (delegation_id) references identity.delegation (id);
create index session_delegation_idx on identity.session (delegation_id) where delegation_id is not null;
