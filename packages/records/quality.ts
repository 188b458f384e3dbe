import type { ValueProblem } from './check.ts'
import type { Item, QualityRule, ResourceDefinition } from './definition.ts'

/** Canonical values of a record in the order of the definition's items. */
type Values = readonly (string | null)[]

/** One rule made ready for every row: nothing, or what is wrong. */
type RuleCheck = (values: Values) => ValueProblem | undefined

/**
 * The quality rules (质量规则) of a definition, made once and used for every row whose values are each in order. A rule about a value that is
 * not there says nothing: what is required is a matter of the item.
 */
export function qualityOf({ items, rules = [] }: ResourceDefinition): (values: Values) => ValueProblem[] {
  const checks = rules.map((rule) => ruleCheck(rule, items))
  return (values) => checks.flatMap((check) => check(values) ?? [])
}

/** What makes a rule unusable with these items, in words. */
export function ruleProblems({ items, rules = [] }: Pick<ResourceDefinition, 'items' | 'rules'>): string[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  const ids = rules.map(({ id }) => id)
  return [
    ...(new Set(ids).size === ids.length ? [] : ['质量规则标识重复']),
    ...rules.flatMap((rule) =>
      itemsOf(rule).flatMap(({ id, kinds }) => {
        const item = byId.get(id)
        if (!item) return [`质量规则“${rule.title}”所指的信息项 ${id} 不存在`]
        return kinds && !kinds.includes(item.type.kind) ? [`质量规则“${rule.title}”不适用于信息项“${item.title}”的类型`] : []
      }),
    ),
  ]
}

const numbers: readonly Item['type']['kind'][] = ['integer', 'money', 'decimal', 'double']
/** Canonical texts of these are in the order of what they mean. */
const ordered: readonly Item['type']['kind'][] = ['date', 'month']

function itemsOf(rule: QualityRule): { id: string; kinds?: readonly Item['type']['kind'][] }[] {
  switch (rule.rule) {
    case 'range':
      return [{ id: rule.item, kinds: numbers }]
    case 'order':
      return [
        { id: rule.first, kinds: ordered },
        { id: rule.last, kinds: ordered },
      ]
    case 'birth':
      return [
        { id: rule.item, kinds: ['date'] },
        { id: rule.of, kinds: ['citizen-id'] },
      ]
    case 'required-when':
      return [{ id: rule.item }, { id: rule.when, kinds: ['code', 'flag'] }]
  }
}

function ruleCheck(rule: QualityRule, items: readonly Item[]): RuleCheck {
  const at = (id: string) => items.findIndex((item) => item.id === id)
  const wrong = (item: string): ValueProblem => ({ item, rule: rule.id, message: rule.title })
  switch (rule.rule) {
    case 'range': {
      const [place, least, most] = [at(rule.item), rule.least ?? Number.NEGATIVE_INFINITY, rule.most ?? Number.POSITIVE_INFINITY]
      return (values) => {
        const value = values[place]
        return value == null || (Number(value) >= least && Number(value) <= most) ? undefined : wrong(rule.item)
      }
    }
    case 'order': {
      const [first, last] = [at(rule.first), at(rule.last)]
      return (values) => {
        const [from, to] = [values[first], values[last]]
        return from == null || to == null || from <= to ? undefined : wrong(rule.last)
      }
    }
    case 'birth': {
      const [date, number] = [at(rule.item), at(rule.of)]
      return (values) => {
        const [bornOn, id] = [values[date], values[number]]
        return bornOn == null || id == null || bornOn.replaceAll('-', '') === id.slice(6, 14) ? undefined : wrong(rule.item)
      }
    }
    case 'required-when': {
      const [place, other] = [at(rule.item), at(rule.when)]
      return (values) => (values[place] != null || values[other] !== rule.is ? undefined : wrong(rule.item))
    }
  }
}
