-- Reason: a session says where it is from and how it began; how long it lasts is a setting that is read at each use, no longer a column.
-- Locks: access exclusive on identity.session for the moment of the change. Safe while running: no, an older program writes the columns that go.
alter table identity.session
  add column address text not null default '',
  add column browser text not null default '',
  add column signed_in_by text not null default 'password',
  drop column idle_expires_at,
  drop column expires_at,
  add constraint session_signed_in_by_known check (signed_in_by in ('password', 'oidc'));
create index session_seen_idx on identity.session (last_seen_at desc, id);
