-- Reason: organisations, people, posts with their duties, accounts, sessions and machine tokens.
-- Locks: none (new tables). Safe while running: yes.
--
-- Validity is half open: valid_to is the first day on which a row no longer holds, so that an end takes effect at once.
create table identity.organisation (
  id text primary key,
  name text not null,
  short_name text not null,
  kind text not null,
  parent_id text,
  uscc text,
  division_code text,
  sort_order integer not null,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  updated_at timestamptz not null,
  constraint organisation_parent_fk foreign key (parent_id) references identity.organisation (id),
  constraint organisation_id_shape check (id ~ '^[a-z][a-z0-9-]{0,62}$'),
  constraint organisation_kind_known check (kind in
    ('city-department', 'big-data-center', 'district', 'public-body', 'enterprise', 'government', 'other')),
  constraint organisation_validity_ordered check (valid_to >= valid_from)
);
create index organisation_order_idx on identity.organisation (sort_order, id);
create index organisation_parent_idx on identity.organisation (parent_id);
create unique index organisation_uscc_unique on identity.organisation (uscc);

-- Old decisions keep the old name: what an organisation was called before a renaming, and until which day.
create table identity.organisation_former_name (
  organisation_id text not null,
  until_on date not null,
  seq bigint generated always as identity,
  name text not null,
  constraint organisation_former_name_pk primary key (organisation_id, seq),
  constraint organisation_former_name_organisation_fk foreign key (organisation_id) references identity.organisation (id)
);

create table identity.person (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null
);
create index person_name_idx on identity.person (name collate "C", id);

create table identity.post (
  id uuid primary key,
  person_id uuid not null,
  organisation_id text not null,
  title text not null,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  updated_at timestamptz not null,
  constraint post_person_fk foreign key (person_id) references identity.person (id),
  constraint post_organisation_fk foreign key (organisation_id) references identity.organisation (id),
  constraint post_validity_ordered check (valid_to >= valid_from)
);
create index post_person_idx on identity.post (person_id);
create index post_organisation_idx on identity.post (organisation_id);

create table identity.post_duty (
  post_id uuid not null,
  duty text not null,
  constraint post_duty_pk primary key (post_id, duty),
  constraint post_duty_post_fk foreign key (post_id) references identity.post (id),
  constraint post_duty_shape check (duty ~ '^[a-z][a-z0-9-]{0,62}$')
);
create index post_duty_duty_idx on identity.post_duty (duty);

create table identity.account (
  id uuid primary key,
  person_id uuid not null,
  username text not null,
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change boolean not null,
  -- True while the password is the published one of the demo city; such an account opens nothing outside demo mode.
  published_password boolean not null,
  status text not null default 'active',
  current_post_id uuid,
  created_at timestamptz not null,
  constraint account_person_unique unique (person_id),
  constraint account_person_fk foreign key (person_id) references identity.person (id),
  constraint account_post_fk foreign key (current_post_id) references identity.post (id),
  constraint account_status_known check (status in ('active', 'disabled'))
);
create unique index account_username_unique on identity.account (lower(username));

-- Keyed by the digest of the name that was typed and not by the account: a name that does not exist is locked like one that does,
-- so that the lock does not tell which accounts there are.
create table identity.sign_in_failure (
  username_digest text primary key,
  failed_count integer not null,
  last_failed_at timestamptz not null
);
create index sign_in_failure_age_idx on identity.sign_in_failure (last_failed_at);

create table identity.session (
  id uuid primary key,
  token_hash text not null,
  account_id uuid not null,
  post_id uuid not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_expires_at timestamptz not null,
  expires_at timestamptz not null,
  constraint session_token_unique unique (token_hash),
  constraint session_account_fk foreign key (account_id) references identity.account (id),
  constraint session_post_fk foreign key (post_id) references identity.post (id)
);
create index session_account_idx on identity.session (account_id);
create index session_expiry_idx on identity.session (expires_at);

create table identity.token (
  id uuid primary key,
  token_hash text not null,
  account_id uuid not null,
  post_id uuid not null,
  name text not null,
  expires_on date not null,
  created_at timestamptz not null,
  last_seen_at timestamptz,
  constraint token_hash_unique unique (token_hash),
  constraint token_account_fk foreign key (account_id) references identity.account (id),
  constraint token_post_fk foreign key (post_id) references identity.post (id)
);
create index token_account_idx on identity.token (account_id, created_at, id);
