-- Reason: named comparisons over the libraries (专题比对): each run with its purpose, basis and the positions it read, and what was found.
-- Locks: none (new tables). Safe while running: yes.

create table comparison.run (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity,
  -- Pack and name of the definition; what it said then is known by the pack's digest.
  comparison text not null,
  title text not null,
  pack_version text not null,
  digest text not null,
  -- Who provides the register whose households are compared, and decides on them.
  org_id text not null,
  purpose text not null,
  basis text not null,
  note text not null,
  account_id text not null,
  person_id text not null,
  person_name text not null,
  post_id text not null,
  org_name text not null,
  state text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  done_tables integer not null default 0,
  total_tables integer not null,
  -- Resources with the last change that was read of each: the same positions give the same answer.
  positions jsonb not null,
  counts jsonb,
  failure text,
  dispatched_at timestamptz,
  constraint run_number_key unique (number),
  constraint run_state_known check (state in ('running', 'done', 'stopped', 'failed'))
);
create index run_org_idx on comparison.run (org_id, number);
-- One at a time of each comparison: two would open the same findings.
create unique index run_running_idx on comparison.run (comparison) where state = 'running';

create table comparison.finding (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity,
  comparison text not null,
  comparison_title text not null,
  -- A group that does not fit (household), or a record that is doubted at its source (error).
  kind text not null,
  -- Of an error: which of the definition's.
  rule text not null,
  -- Who handles it.
  org_id text not null,
  -- Who sends it there.
  sender_org_id text not null,
  resource text not null,
  record_key text not null,
  -- What speaks against it, by records; no value of a register is kept.
  evidence jsonb not null,
  -- Of what a decision holds for: other evidence is another finding.
  digest text not null,
  state text not null,
  is_again boolean not null default false,
  outcome text,
  outcome_reason text,
  handled_by text,
  handled_at timestamptz,
  due_on date,
  first_run uuid not null references comparison.run (id),
  last_run uuid not null references comparison.run (id),
  -- The run that did not find it any more.
  gone_run uuid references comparison.run (id),
  found_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint finding_number_key unique (number),
  constraint finding_kind_known check (kind in ('group', 'error')),
  constraint finding_state_known check (state in ('new', 'sent', 'handled', 'gone'))
);
create index finding_org_idx on comparison.finding (org_id, number);
create index finding_sender_idx on comparison.finding (sender_org_id, number);
-- What is found again is the same finding.
create unique index finding_current_idx on comparison.finding (comparison, kind, rule, resource, record_key) where state <> 'gone';
