// SPDX-License-Identifier: Apache-2.0

/** The trail without the case's echo: an act that the register itself wrote down stands there once, in its own words. */
export function withoutEcho<Line extends { at: string; personName: string | null; action: string }>(lines: readonly Line[]): Line[] {
  const isEcho = ({ action }: Line) => action.startsWith('case.')
  const told = new Set(lines.filter((line) => !isEcho(line)).map((line) => `${line.at} ${line.personName}`))
  return lines.filter((line) => !isEcho(line) || !told.has(`${line.at} ${line.personName}`))
}
