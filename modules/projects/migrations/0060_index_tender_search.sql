-- Reason: the search finds tender results by the number of their notice (中标公告) and the winner.
-- Locks: writes to the table wait while the index is built. Safe while running: yes, in a quiet hour.
create index tender_result_search_idx on projects.tender_result using gin (kernel.search_grams(notice_number || ' ' || winner));
