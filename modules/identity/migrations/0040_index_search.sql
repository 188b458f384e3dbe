-- Reason: the search finds organisations by every name they had, and people by name.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index organisation_version_search_idx on identity.organisation_version using gin (kernel.search_grams(name || ' ' || short_name));
create index person_search_idx on identity.person using gin (kernel.search_grams(name));
