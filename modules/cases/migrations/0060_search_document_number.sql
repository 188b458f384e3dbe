-- Reason: the search finds issued papers by their document number (文号), as it stands on them.
-- Locks: the table is rewritten once, readers and writers wait; it has a row per issued paper. Safe while running: yes, in a quiet hour.
alter table cases.document_number
  add column number text generated always as (agency_word || '〔' || year::text || '〕' || serial::text || '号') stored;
create index document_number_search_idx on cases.document_number using gin (kernel.search_grams(number));
create index document_number_issued_idx on cases.document_number (issued_at desc, number desc);
