-- Reason: signing in through the city's sign-on (统一身份认证): which identity there is which account here, and sign-ins under way.
-- Locks: none (new tables). Safe while running: yes.
create table identity.oidc_binding (
  account_id uuid not null,
  issuer text not null,
  subject text not null,
  bound_at timestamptz not null,
  constraint oidc_binding_pk primary key (account_id),
  constraint oidc_binding_subject_unique unique (issuer, subject),
  constraint oidc_binding_account_fk foreign key (account_id) references identity.account (id)
);

-- What was sent to the sign-on and has to come back; the browser holds the secret whose digest is the key.
create table identity.oidc_flow (
  token_hash text not null,
  -- Null for a sign-in; else the account that is to be bound.
  account_id uuid,
  state text not null,
  nonce text not null,
  code_verifier text not null,
  redirect_uri text not null,
  created_at timestamptz not null,
  constraint oidc_flow_pk primary key (token_hash),
  constraint oidc_flow_account_fk foreign key (account_id) references identity.account (id)
);
create index oidc_flow_age_idx on identity.oidc_flow (created_at);
