-- Reason: a citizen (本人) signs in by a relation to the own person, named by the number that stands for it and not by the number itself. Kinds say
--   whether whoever grants has to have seen an identity document, and whether a subject has one holder; how it was verified stays with the relation.
-- Locks: access exclusive on identity.relation_kind and identity.relation while columns are added without a rewrite. Safe while running: yes.
alter table identity.relation_kind
  add column is_verified boolean not null default false,
  add column has_one_holder boolean not null default false;
insert into identity.relation_kind (id, title, subject_kind, duty, granted_everywhere_by, granted_within_by, is_verified, has_one_holder) values
  ('data-subject', '本人', 'person', 'citizen', '{public-security}', '{}', true, true);

-- Which document was seen (证件种类), by whom (核验人) and when.
alter table identity.relation
  add column verified_document text,
  add column verified_by text,
  add column verified_at timestamptz,
  add constraint relation_verified_whole check (num_nonnulls(verified_document, verified_by, verified_at) in (0, 3)),
  add constraint relation_person_verified check (subject_kind <> 'person' or verified_document is not null),
  -- The key's id and a digest: a number that can be read never stands here.
  add constraint relation_person_digest check (subject_kind <> 'person' or subject_id ~ '^[0-9a-f]{16}[.][0-9a-f]{64}$');
-- One person, one account: also where two clerks grant at once.
create unique index relation_one_holder_idx on identity.relation (subject_id) where kind = 'data-subject' and ended_at is null;
