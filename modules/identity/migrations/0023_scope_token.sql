-- Reason: a token may be limited to reading and to some kinds of operations. Both null: everything its holder may do, as before.
-- Locks: access exclusive on identity.token for the moment of the change (no rewrite). Safe while running: yes.
alter table identity.token
  add column access text,
  add column tags text[],
  add constraint token_access_known check (access in ('read', 'write')),
  add constraint token_scope_whole check ((access is null) = (tags is null));
create index token_created_idx on identity.token (created_at, id);
