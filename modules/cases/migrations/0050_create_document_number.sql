-- Reason: a paper that is issued (整改通知书) carries a document number (发文字号, GB/T 9704): agency word, year, serial. The counter row is
-- locked until the issuing transaction ends, so that a refused act leaves no gap and two acts never share a serial.
-- Locks: none (new tables). Safe while running: yes.
create table cases.document_serial (
  agency_word text not null,
  year integer not null,
  last_serial integer not null,
  constraint document_serial_pk primary key (agency_word, year)
);

create table cases.document_number (
  agency_word text not null,
  year integer not null,
  serial integer not null,
  paper text not null,
  subject_kind text not null,
  subject_id text not null,
  issued_at timestamptz not null,
  issued_by text not null,
  constraint document_number_pk primary key (agency_word, year, serial),
  constraint document_number_once unique (paper, subject_kind, subject_id),
  constraint document_number_serial check (serial > 0)
);
comment on table cases.document_number is 'append-only: a number once issued is neither changed nor given to another paper';
