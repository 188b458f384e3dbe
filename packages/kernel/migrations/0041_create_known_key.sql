-- Reason: which keys the platform uses, by id: a start without the key that secrets here are sealed under must be refused before a new
--   one is made; public halves of signing keys, also of former ones, are what packages of the log are verified with.
-- Locks: none (new table). Safe while running: yes.
create table kernel.known_key (
  id text constraint known_key_pk primary key,
  purpose text not null,
  public_key text,
  first_used_at timestamptz not null,
  -- Set once nothing is sealed under it any more. A signing key is never given up: what it signed is verified for ever.
  given_up_at timestamptz,
  constraint known_key_purpose_known check (purpose in ('sealing', 'signing')),
  constraint known_key_public_of_pairs check ((purpose = 'signing') = (public_key is not null)),
  constraint known_key_signing_stays check (purpose = 'sealing' or given_up_at is null)
);
