import { expect, test } from 'vitest'
import { auditActions } from '../modules/audit/actions.ts'
import { sharedActions } from '../packages/ui/trail.ts'

test('what the log knows of cases, cards, papers and files has a Chinese word in every trail', () => {
  const written = [...auditActions.keys()].filter((action) => /^(?:case|card|document)\./.test(action) && !action.endsWith('.viewed'))
  expect(written.length).toBeGreaterThan(20)
  expect(written.filter((action) => !(action in sharedActions))).toEqual([])
})
