-- Reason: a proposal is saved from the first character, long before it says everything that a project must say; it becomes a project when it
-- does. Whoever begins from last year's project looks at each item that was taken over (WH23-5: 续建、运行维护 are proposed anew each year).
-- Locks: none (new table). Safe while running: yes.
create table projects.proposal_draft (
  id uuid primary key default gen_random_uuid(),
  owner_org_id text not null,
  person_id text not null,
  -- as far as it has been filled in; never anything before the secrecy question was answered with no
  content jsonb not null,
  -- items taken over from another project that nobody has looked at yet
  copied text[] not null default '{}',
  copied_from uuid references projects.project (id),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index proposal_draft_person_idx on projects.proposal_draft (person_id, owner_org_id, updated_at desc, id desc);
