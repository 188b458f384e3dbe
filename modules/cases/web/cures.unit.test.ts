import { expect, test } from 'vitest'
import { cureOf } from './cures.ts'

const project = { kind: 'project', id: 'p1' }

test('a finding leads to the register that can cure it, narrowed to the project', () => {
  expect(cureOf({ facts: ['catalog.registered'] }, project)?.label).toBe('查看资源目录')
  expect(cureOf({ facts: ['project.kind', 'project.cityBrainConnected'] }, project)).toEqual({
    label: '查看信息系统',
    href: '/systems?projectId=p1',
  })
  expect(cureOf({ facts: ['payment.holdOrdered'] }, project)).toMatchObject({ href: '/problems?projectId=p1' })
  expect(cureOf({ facts: ['rectification.failed'] }, project)).toMatchObject({ href: '/problems?projectId=p1' })
})

test('a finding that no register can cure, or on something else than a project, keeps its cure as text', () => {
  expect(cureOf({ facts: ['project.kind'] }, project)).toBeUndefined()
  expect(cureOf({ facts: ['catalog.registered'] }, { kind: 'city-plan', id: 'c1' })).toBeUndefined()
})
