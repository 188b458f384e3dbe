-- Reason: entries are described by the whole of the national guide and its usual extensions; items get an id that is theirs for good
-- (信息项标识), which later names them in columns, grants and feeds; classes below 项 are the city's own.
-- Locks: the tables of resources and items for as long as the items are numbered (a second for 100,000). Safe while running: in a quiet hour.
alter table catalog.resource
  add column class_code text,
  add column internal_unit text,
  add column format_type text,
  add column format_note text,
  add column sharing_channel text,
  add column sharing_form text,
  add column open_level text,
  add column related_codes jsonb not null default '[]',
  add column grading jsonb not null default '[]',
  add column census jsonb not null default '{}',
  add column spatial_scope text,
  add column scenario text,
  add column ext jsonb not null default '{}',
  -- the number of the last item id that was given: i1, i2 … are never given twice
  add column last_item integer not null default 0;

alter table catalog.item
  add column item_id text,
  add column precision integer,
  add column is_timestamp boolean not null default false,
  add column value_range text,
  add column code_list text,
  add column element text,
  add column sharing_condition text,
  add column sharing_reason text,
  add column basis_law text,
  add column basis_clause text,
  add column opening text,
  add column grade text,
  add column grade_reason text,
  add column is_own boolean,
  add column source_table text;
update catalog.item set item_id = 'i' || position;
alter table catalog.item
  alter column item_id set not null,
  -- a row that is half typed is kept too
  alter column type drop not null;
alter table catalog.item add constraint item_id_unique unique (resource_id, item_id);
update catalog.resource r set last_item = (select coalesce(max(position), 0) from catalog.item i where i.resource_id = r.id);

-- Classes of the city (类项目细目), and what it changed of those that come with the product.
create table catalog.class_node (
  code text not null,
  title text not null,
  active boolean not null,
  version integer not null default 1,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint class_node_pk primary key (code)
);
