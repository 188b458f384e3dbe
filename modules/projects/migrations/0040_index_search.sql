-- Reason: the search finds projects by name and contracts by number and supplier.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index project_search_idx on projects.project using gin (kernel.search_grams(name));
create index contract_search_idx on projects.contract using gin (kernel.search_grams(number || ' ' || supplier));
