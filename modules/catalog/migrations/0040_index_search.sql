-- Reason: the search finds resources by name.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index resource_search_idx on catalog.resource using gin (kernel.search_grams(name));
