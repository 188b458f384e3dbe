-- Reason: the shared secret of an authenticator is sealed (AES-256-GCM) under a key that is not in the database; the start of the server
--   seals those that were stored readable, and from here on none is written readable.
-- Locks: access exclusive on identity.second_factor for a moment (no scan: `not valid`).
-- Safe while running: an older server can neither enrol a device nor take a code until it is replaced.
alter table identity.second_factor add constraint second_factor_secret_sealed check (secret like 'v1.%') not valid;
