/**
 * Texts of notices as data: `{name}` stands for a value, which is put in as it is and never read again. A name without a value is a
 * mistake of the program, and so is a value that no place asks for.
 */
export function fillText(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>()
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`no value for {${name}} in “${template}”`)
    used.add(name)
    return value
  })
  const left = Object.keys(values).filter((name) => !used.has(name))
  if (left.length > 0) throw new Error(`nothing asks for ${left.join(', ')} in “${template}”`)
  return text
}

/** What people are told of limits, cards and reasons. */
export const noticeTexts = {
  yellow: '《{title}》的“{step}”环节将于{due}期满，请及时办理。',
  red: '《{title}》的“{step}”环节已于{due}期满而未办结，请尽快办理，并于{explainBy}前说明理由。',
  escalated: '{office}承办的《{title}》“{step}”环节已于{due}逾期，至今未办结。{explained}',
  recomputed: '放假安排已公布，《{title}》“{step}”环节的期限{moved}，{settled}。',
  unansweredAsk: '《{title}》的申请应于{due}前答复，请尽快办理。',
  unansweredDemand: '《{title}》的督办事项应于{due}前回复，请尽快办理。',
  explained: '{office}就《{title}》“{step}”环节逾期说明了理由。',
  reviewed: '《{title}》“{step}”环节：{opinion}',
} as const
