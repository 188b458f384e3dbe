-- Reason: one way to search Chinese text: what is typed and what is stored are folded alike, and an index of characters and pairs of
-- characters finds words of any length (trigrams cannot find the commonest, of two).
-- Locks: none (functions). Safe while running: yes.

-- Full-width forms, letters of one case, every bracket a document number is typed with. Equal to foldForSearch in search.ts.
create function kernel.search_fold(source text) returns text
  language sql immutable strict parallel safe
  return lower(translate(normalize(source, NFKC), '[](){}【】〖〗', '〔〕〔〕〔〕〔〕〔〕') collate "C");

-- Every character and every pair of neighbours, for an inverted index.
create function kernel.search_grams(source text) returns text[]
  -- What it really costs beside reading a row, so that the index is preferred.
  language sql immutable strict parallel safe cost 2000
  return (
    select coalesce(array_agg(distinct gram), '{}')
    from (select kernel.search_fold(source) as folded) as text_once,
      generate_series(1, length(folded)) as at,
      lateral (values (substr(folded, at, 1)), (substr(folded, at, 2))) as cut (gram)
    where gram !~ '\s'
  );
