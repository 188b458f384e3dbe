-- Reason: the search finds cases by title, newest change first.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.

create index case_file_search_idx on cases.case_file using gin (kernel.search_grams(title));
create index case_file_updated_idx on cases.case_file (updated_at desc, id desc);
