-- Reason: who may see only some items or records of a resource has to be told exactly the changes that concern him. For that the log keeps what a
-- record was until then, from the moment on at which somebody subscribes.
-- Locks: a short exclusive one, no rewrite (constant default). Safe while running: yes; an older program writes on as before.
alter table libraries.head add column keeps_before boolean not null default false;
