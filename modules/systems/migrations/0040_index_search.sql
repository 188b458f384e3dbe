-- Reason: the search finds systems by name.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index system_search_idx on systems.system using gin (kernel.search_grams(name));
