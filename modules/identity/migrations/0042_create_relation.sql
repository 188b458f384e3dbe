-- Reason: a person outside the offices (企业经办人) signs in by a relation to a subject and not at a post; who granted it, until when, who ended it.
-- Locks: access exclusive on identity.session while a column is added and one is made nullable (some thousands of rows). Safe while running: yes.
--
-- Kinds are rows: what the subject is, which duty the person bears by it, and who grants it: an office for the whole subject, another for what
-- its own organisation has to do with the subject.
create table identity.relation_kind (
  id text primary key,
  title text not null,
  subject_kind text not null,
  duty text not null,
  granted_everywhere_by text[] not null,
  granted_within_by text[] not null,
  constraint relation_kind_shape check (id ~ '^[a-z][a-z0-9-]{0,62}$'),
  constraint relation_kind_duty_shape check (duty ~ '^[a-z][a-z0-9-]{0,62}$')
);
insert into identity.relation_kind (id, title, subject_kind, duty, granted_everywhere_by, granted_within_by) values
  ('contractor-agent', '承建单位经办人', 'enterprise', 'enterprise', '{big-data-center}', '{applicant,district}');

-- Validity is half open. The subject's name is the one that it was granted under. within_org_id: the relation counts only for what this
-- organisation has to do with the subject; null is all of it.
create table identity.relation (
  id uuid primary key,
  person_id uuid not null,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_name text not null,
  within_org_id text,
  valid_from date not null,
  valid_to date,
  granted_by text not null,
  granted_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  end_reason text,
  constraint relation_person_fk foreign key (person_id) references identity.person (id),
  constraint relation_kind_fk foreign key (kind) references identity.relation_kind (id),
  constraint relation_within_fk foreign key (within_org_id) references identity.organisation (id),
  constraint relation_ordered check (valid_to >= valid_from),
  constraint relation_ended_with_reason check (num_nonnulls(ended_by, ended_at, end_reason) in (0, 3))
);
create unique index relation_once_idx on identity.relation (person_id, kind, subject_id, coalesce(within_org_id, '')) where ended_at is null;
create index relation_subject_idx on identity.relation (subject_kind, subject_id);
create index relation_recent_idx on identity.relation (granted_at desc, id);

-- A session stands at a post or at a relation, never at both and never at neither.
alter table identity.session
  alter column post_id drop not null,
  add column relation_id uuid,
  add constraint session_relation_fk foreign key (relation_id) references identity.relation (id),
  add constraint session_stands_at_one check (num_nonnulls(post_id, relation_id) = 1);
create index session_relation_idx on identity.session (relation_id) where relation_id is not null;
