-- Reason: the search finds problems by project and description.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index problem_search_idx on supervision.problem using gin (kernel.search_grams(project_name || ' ' || description));
