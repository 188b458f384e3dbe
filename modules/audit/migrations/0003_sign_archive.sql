-- Reason: packages of the log are signed; the signature is kept with what was packed, so that the package is the same text after the key has
--   been changed. Archives of before stay unsigned (null).
-- Locks: access exclusive on audit.archive for a moment (no rewrite). Safe while running: yes; an older server makes unsigned ones.
alter table audit.archive add column signing_key text, add column signature text;
alter table audit.archive add constraint archive_signature_whole check ((signing_key is null) = (signature is null));
