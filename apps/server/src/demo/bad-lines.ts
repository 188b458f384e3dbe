import type { Register, Row } from './registers.ts'

/** Another check digit than the right one. */
const wrongDigit = (number: unknown) => `${String(number).slice(0, -1)}${String(number).endsWith('1') ? '2' : '1'}`

/** What a department's machine sends that is wrong (问题数据), by register: in which of its later batches, and what stands there. */
const mistakes: Readonly<Record<string, readonly [nth: number, line: (register: Register) => Row][]>> = {
  // Another day of birth than the number says; the police send it right on the day after.
  person: [
    [15, (r) => r.changed(r.row(100), 'bornOn', String(r.value(r.row(100), 'bornOn')).replace(/..$/, '29'))],
    [16, (r) => r.row(100)],
  ],
  vehicle: [
    [14, (r) => r.changed(r.row(50), 'ownerId', wrongDigit(r.value(r.row(50), 'ownerId')))],
    [15, (r) => r.changed(r.row(77), 'plateClass', '03')],
  ],
  death: [[12, (r) => r.changed(r.row(10), 'issuedOn', '2020-01-01')]],
  household: [
    [2, (r) => r.changed(inForce(r, 20), 'approvedOn', null)],
    [3, (r) => r.changed(inForce(r, 33), 'headcount', 0)],
  ],
  unit: [[2, (r) => r.changed(r.row(60), 'unitNo', null)]],
  enrolment: [
    [0, (r) => r.changed(r.row(40), 'employer', wrongDigit(r.value(r.row(40), 'employer')))],
    [0, (r) => r.changed(r.row(90), 'baseFen', 0)],
  ],
  // What was paid is told otherwise than it was.
  benefit: [[0, (r) => r.changed(r.row(5), 'amountFen', Number(r.value(r.row(5), 'amountFen')) + 10_000)]],
  enterprise: [[1, (r) => r.changed(r.row(12), 'uscc', wrongDigit(r.value(r.row(12), 'uscc')))]],
}

const inForce = (register: Register, from: number) => register.row(from, (value) => value('status') === '1')

/** The lines of one of a register's later batches that are wrong, or put right what was. */
export function mistakenLines(register: Register, nth: number): Row[] {
  return (mistakes[register.name] ?? []).flatMap(([at, line]) => (at === nth ? [line(register)] : []))
}
