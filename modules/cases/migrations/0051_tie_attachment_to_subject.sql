-- Reason: files are also handed in with things that are no case (承建单位报送的材料); who may read the thing may read the file.
-- Locks: access exclusive on cases.attachment for an instant (two nullable columns). Safe while running: yes.
alter table cases.attachment
  add column subject_kind text,
  add column subject_id text,
  add constraint attachment_tied_once check (num_nonnulls(subject_kind, subject_id) in (0, 2) and (case_id is null or subject_id is null));
create index attachment_subject_idx on cases.attachment (subject_kind, subject_id) where subject_id is not null;
