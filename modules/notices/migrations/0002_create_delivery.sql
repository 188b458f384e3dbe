-- Reason: how each notice left the product (短信、邮件), apart from the notice itself, which stands whatever becomes of it.
-- Locks: none (new table). Safe while running: yes.
create table notices.delivery (
  notice_id uuid not null references notices.notice (id),
  channel text not null,
  status text not null,
  attempts integer not null default 0,
  problem text,
  updated_at timestamptz not null,
  constraint delivery_pk primary key (notice_id, channel),
  constraint delivery_channel_known check (channel in ('sms', 'mail')),
  -- unconfigured: the city has no way out for this channel; unwanted: the person does not wish it.
  constraint delivery_status_known check (status in ('unconfigured', 'unwanted', 'queued', 'sent', 'failed'))
);
create index delivery_status_idx on notices.delivery (status, updated_at);
