-- Reason: the named superior of an office (上级岗位): who is told when it is late.
-- Locks: none (new table). Safe while running: yes.
create table identity.superior (
  organisation_id text primary key,
  post_id uuid not null,
  set_by text not null,
  set_at timestamptz not null,
  constraint superior_organisation_fk foreign key (organisation_id) references identity.organisation (id),
  constraint superior_post_fk foreign key (post_id) references identity.post (id)
);
create index superior_post_idx on identity.superior (post_id);
