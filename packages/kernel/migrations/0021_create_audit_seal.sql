-- Reason: the log is tamper-evident: each row gets a place in a hash chain (SM3) after its transaction has ended, heads are kept so
--   that somebody else can hold them, and rows taken out to a package leave a cut from which the chain goes on.
-- Locks: none (new tables). Safe while running: yes.
create table kernel.audit_seal (
  position bigint constraint audit_seal_pk primary key,
  seq bigint not null constraint audit_seal_seq_once unique,
  hash bytea not null,
  constraint audit_seal_position_positive check (position > 0),
  constraint audit_seal_hash_length check (length(hash) = 32)
);
comment on table kernel.audit_seal is 'append-only: the place of each row of the log in the chain; never changed, taken out with its row only';

create table kernel.audit_head (
  position bigint constraint audit_head_pk primary key,
  hash bytea not null,
  sealed_at timestamptz not null,
  constraint audit_head_hash_length check (length(hash) = 32)
);
comment on table kernel.audit_head is 'append-only: ends of the chain as they were, for others to hold';

create table kernel.audit_cut (
  position bigint constraint audit_cut_pk primary key,
  hash bytea not null,
  package_digest text not null,
  removed_at timestamptz not null,
  constraint audit_cut_hash_length check (length(hash) = 32)
);
comment on table kernel.audit_cut is 'append-only: where rows were taken out to a package; the chain goes on behind it';
