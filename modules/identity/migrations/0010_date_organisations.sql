-- Reason: name, kind, parent and division of an organisation hold from a day until a day; they are read as of a date, also one to come.
-- Locks: access exclusive on identity.organisation while its rows are copied (some hundreds). Safe while running: no, older programs read the columns.
--
-- Half open like every validity here. A version that began and ended on one day never held and is still kept: it was a name once.
create table identity.organisation_version (
  organisation_id text not null,
  seq bigint generated always as identity,
  name text not null,
  short_name text not null,
  kind text not null,
  parent_id text,
  division_code text,
  valid_from date not null,
  valid_to date,
  -- the reorganisation (机构调整) that brought it; null for what was so from the beginning
  reorganisation_id uuid,
  constraint organisation_version_pk primary key (organisation_id, seq),
  constraint organisation_version_organisation_fk foreign key (organisation_id) references identity.organisation (id),
  constraint organisation_version_parent_fk foreign key (parent_id) references identity.organisation (id),
  constraint organisation_version_kind_known check (kind in
    ('city-department', 'big-data-center', 'district', 'public-body', 'enterprise', 'government', 'other')),
  constraint organisation_version_division_shape check (division_code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
  constraint organisation_version_ordered check (valid_to >= valid_from)
);
create unique index organisation_version_last_idx on identity.organisation_version (organisation_id) where valid_to is null;
create index organisation_version_parent_idx on identity.organisation_version (parent_id);

insert into identity.organisation_version
  (organisation_id, name, short_name, kind, parent_id, division_code, valid_from, valid_to)
select o.id, f.name, f.name, o.kind, o.parent_id, o.division_code,
  coalesce(lag(f.until_on) over earlier, least(o.valid_from, f.until_on)), f.until_on
from identity.organisation_former_name f join identity.organisation o on o.id = f.organisation_id
window earlier as (partition by f.organisation_id order by f.until_on, f.seq)
order by f.until_on, f.seq;

insert into identity.organisation_version
  (organisation_id, name, short_name, kind, parent_id, division_code, valid_from)
select o.id, o.name, o.short_name, o.kind, o.parent_id, o.division_code,
  coalesce((select max(f.until_on) from identity.organisation_former_name f where f.organisation_id = o.id), o.valid_from)
from identity.organisation o
order by o.sort_order, o.id;

drop table identity.organisation_former_name;
alter table identity.organisation
  drop column name, drop column short_name, drop column kind, drop column parent_id, drop column division_code;

-- Every organisation as it is on a day. Before its beginning it shows its first version, after its end its last: what was decided
-- by it keeps a name. Whether it exists on the day is for the caller to ask (valid_from, valid_to).
create function identity.organisation_as_of(on_day date)
returns table (
  id text, name text, short_name text, kind text, parent_id text, uscc text, division_code text, sort_order integer,
  valid_from date, valid_to date, version integer, updated_at timestamptz
)
language sql stable
as $$
  select o.id, v.name, v.short_name, v.kind, v.parent_id, o.uscc, v.division_code, o.sort_order,
    o.valid_from, o.valid_to, o.version, o.updated_at
  from identity.organisation o
  join lateral (
    select * from identity.organisation_version v
    where v.organisation_id = o.id
    order by v.valid_from <= on_day desc, case when v.valid_from <= on_day then v.valid_from end desc, v.valid_from, v.seq desc
    limit 1
  ) v on true
$$;
