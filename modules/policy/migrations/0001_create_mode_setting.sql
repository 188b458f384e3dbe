-- Reason: how the city set each pack and its rules (提示 or 拦截); no row: as the pack comes.
-- Locks: none (new table). Safe while running: yes.
create table policy.mode_setting (
  pack_id text not null,
  pack_mode text,
  rule_modes jsonb not null default '{}',
  version integer not null default 0,
  updated_by text not null,
  updated_at timestamptz not null,
  constraint mode_setting_pk primary key (pack_id),
  constraint mode_setting_mode_known check (pack_mode in ('advise', 'enforce')),
  constraint mode_setting_rules_object check (jsonb_typeof(rule_modes) = 'object')
);
