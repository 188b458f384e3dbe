-- Reason: subscriptions (订阅): one department receives the changes of a resource under a grant (WH12-8, WH12-9). How far it has come is known by what
-- it asks for; who answers for the exchange sees here who is behind, and why.
-- Locks: none (new table). Safe while running: yes.
create table exchange.subscription (
  -- the grant; belongs to another module: no foreign key
  grant_id uuid not null,
  -- 订阅编号, and the order of the list
  number bigint generated always as identity,
  resource text not null,
  org_id text not null,
  provider_org_id text not null,
  -- what the places handed out are sealed with, so that nobody can count what was not shown to him
  secret bytea not null,
  opened_at timestamptz not null,
  opened_by text not null,
  -- when the first load was complete
  loaded_at timestamptz,
  -- up to which number of the log the receiver has said that it has everything
  confirmed_seq bigint,
  confirmed_at timestamptz,
  -- how many changes it was shown up to there
  position bigint not null default 0,
  seen_at timestamptz,
  refused_at timestamptz,
  refusal jsonb,
  constraint subscription_pk primary key (grant_id),
  constraint subscription_number_unique unique (number)
) with (fillfactor = 50);
create index subscription_org_idx on exchange.subscription (org_id);
