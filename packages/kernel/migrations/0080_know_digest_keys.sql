-- Reason: a fourth purpose of keys (号码摘要): what stands for a person's number in the log of looks and in relations is keyed. One that is lost is
--   given up like a sealing key; as long as it is not, a start without it is refused.
-- Locks: access exclusive on kernel.known_key for its constraints, a table of a few rows. Safe while running: yes.
alter table kernel.known_key drop constraint known_key_purpose_known;
alter table kernel.known_key add constraint known_key_purpose_known check (purpose in ('sealing', 'signing', 'evidence', 'digest'));
alter table kernel.known_key drop constraint known_key_public_of_pairs;
alter table kernel.known_key add constraint known_key_public_of_pairs check ((purpose in ('sealing', 'digest')) = (public_key is null));
alter table kernel.known_key drop constraint known_key_signing_stays;
alter table kernel.known_key add constraint known_key_signing_stays check (purpose in ('sealing', 'digest') or given_up_at is null);
