// SPDX-License-Identifier: Apache-2.0

/** What a colour means everywhere: now 在办, good 已办结, soon 临期, bad 逾期或拦截, plain 其他. */
export type Tone = 'now' | 'good' | 'soon' | 'bad' | 'plain'

/** A state as a word; the colour only repeats it. */
export function StateWord({ text, tone = 'plain' }: { text: string; tone?: Tone | undefined }) {
  return <span className={`tc-word tc-word--${tone}`}>{text}</span>
}
