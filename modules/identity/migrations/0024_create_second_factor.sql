-- Reason: a second factor beside the password (动态口令), its recovery codes, and the sign-in that waits for it.
-- Locks: none (new tables). Safe while running: yes.
create table identity.second_factor (
  account_id uuid not null,
  kind text not null,
  -- The shared secret of the authenticator. A device of another kind (USB key) keeps its public key here.
  secret text not null,
  created_at timestamptz not null,
  -- Null until a first code has shown that the device has the secret.
  confirmed_at timestamptz,
  -- The time step of the last code that was taken: none is taken twice.
  last_step bigint,
  constraint second_factor_pk primary key (account_id),
  constraint second_factor_account_fk foreign key (account_id) references identity.account (id),
  constraint second_factor_kind_known check (kind in ('totp'))
);

create table identity.recovery_code (
  account_id uuid not null,
  code_hash text not null,
  constraint recovery_code_pk primary key (account_id, code_hash),
  constraint recovery_code_account_fk foreign key (account_id) references identity.account (id)
);

create table identity.pending_sign_in (
  token_hash text not null,
  account_id uuid not null,
  signed_in_by text not null,
  created_at timestamptz not null,
  constraint pending_sign_in_pk primary key (token_hash),
  constraint pending_sign_in_account_fk foreign key (account_id) references identity.account (id),
  constraint pending_sign_in_by_known check (signed_in_by in ('password', 'oidc'))
);
create index pending_sign_in_age_idx on identity.pending_sign_in (created_at);
create index pending_sign_in_account_idx on identity.pending_sign_in (account_id);
