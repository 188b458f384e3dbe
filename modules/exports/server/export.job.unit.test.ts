import { systemActor } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { sameDuties } from './export.job.ts'

const supervisor = { ...systemActor, orgId: 'city', roles: new Set(['supervisor']) }
const within = (...orgIds: string[]) => ({ ...supervisor, within: new Map([['supervisor', new Set(orgIds)]]) })

test.each([
  ['the same duties everywhere', supervisor, { ...supervisor }, true],
  ['the same area', within('haibowan', 'wuda'), within('wuda', 'haibowan'), true],
  ['a duty less', supervisor, { ...supervisor, roles: new Set<string>() }, false],
  ['another duty', supervisor, { ...supervisor, roles: new Set(['audit']) }, false],
  ['another office', supervisor, { ...supervisor, orgId: 'audit' }, false],
  ['a duty that is limited to an area now', supervisor, within('haibowan'), false],
  ['a duty that is limited to an area no more', within('haibowan'), supervisor, false],
  ['another area', within('haibowan'), within('wuda'), false],
  ['a smaller area', within('haibowan', 'wuda'), within('wuda'), false],
])('an export that runs knows %s', (_what, before, now, same) => expect(sameDuties(before, now)).toBe(same))
