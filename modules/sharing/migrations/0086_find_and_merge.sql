-- Reason: requests and grants are found from the top bar by number, resource and matter; and both sides of one may become one office (组织调整), which
-- then reads what it had asked of itself: a grant of that kind holds no longer, a request is given up or refused.
-- Locks: share on sharing.request and sharing."grant" while the indexes are made, then access exclusive for a moment; the tables are new and small.
-- Safe while running: yes.
create index request_search_idx on sharing.request using gin (kernel.search_grams(title || ' ' || matter || ' 申请' || number));
create index grant_search_idx on sharing."grant" using gin (kernel.search_grams(title || ' ' || purpose || ' 授权' || number));
alter table sharing.request drop constraint request_of_others;
alter table sharing."grant"
  drop constraint grant_of_others,
  add constraint grant_of_others check (provider_org_id <> org_id or state = 'revoked');
