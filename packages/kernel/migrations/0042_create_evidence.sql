-- Reason: the log of evidence: one leaf for each batch of what is attested (rows of the audit log now, batches of the exchange later), written
--   in the transaction of what it attests, placed in a Merkle tree (SM3) afterwards, its heads signed (SM2) by a key outside the database.
-- Locks: access exclusive on kernel.known_key for its constraints, a table of a few rows; otherwise none (new tables).
-- Safe while running: yes; a server of the version before goes on sealing the chain, and its rows get their leaves from this version.
create table kernel.evidence_leaf (
  seq bigint generated always as identity constraint evidence_leaf_pk primary key,
  kind text not null,
  subject text not null,
  digest bytea not null,
  -- To the millisecond, as it is hashed.
  at timestamptz(3) not null,
  constraint evidence_leaf_kind_form check (kind ~ '^[a-z][a-z.-]{0,39}$'),
  constraint evidence_leaf_subject_length check (length(subject) between 1 and 200),
  constraint evidence_leaf_digest_length check (length(digest) = 32),
  -- A batch of the audit log is named by its first and last position.
  constraint evidence_leaf_audit_subject check (kind <> 'audit' or subject ~ '^[1-9][0-9]{0,14}-[1-9][0-9]{0,14}$')
);
create index evidence_leaf_subject_idx on kernel.evidence_leaf (kind, subject);
create unique index evidence_leaf_audit_once on kernel.evidence_leaf ((split_part(subject, '-', 2)::bigint)) where kind = 'audit';
comment on table kernel.evidence_leaf is 'append-only: what is attested; never changed';

create table kernel.evidence_place (
  position bigint constraint evidence_place_pk primary key,
  seq bigint not null constraint evidence_place_seq_once unique,
  -- The hash of the leaf, then of each complete subtree that ends with it, 32 bytes each: any proof is read from a few rows.
  nodes bytea not null,
  constraint evidence_place_position_positive check (position > 0),
  constraint evidence_place_nodes_length check (length(nodes) > 0 and length(nodes) % 32 = 0)
);
comment on table kernel.evidence_place is 'append-only: the place of each leaf in the tree; never changed';

create table kernel.evidence_head (
  size bigint constraint evidence_head_pk primary key,
  root bytea not null,
  at timestamptz(3) not null,
  public_key text not null,
  signature text not null,
  constraint evidence_head_root_length check (length(root) = 32)
);
comment on table kernel.evidence_head is 'append-only: signed heads of the tree, for others to hold';

alter table kernel.known_key drop constraint known_key_purpose_known;
alter table kernel.known_key add constraint known_key_purpose_known check (purpose in ('sealing', 'signing', 'evidence'));
alter table kernel.known_key drop constraint known_key_public_of_pairs;
alter table kernel.known_key add constraint known_key_public_of_pairs check ((purpose = 'sealing') = (public_key is null));
