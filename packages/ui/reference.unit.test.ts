import { expect, test } from 'vitest'
import { nameless, nothingFound, referenceOptions } from './reference.ts'

test('two projects of one name are told apart by the unit that owns them', () => {
  const lines = [
    { id: 'a', name: '协同办公系统', owner: { name: '市民政局' } },
    { id: 'b', name: '协同办公系统', owner: { name: '市卫生健康委' } },
  ]
  expect(referenceOptions(lines).map((one) => one.note)).toEqual(['市民政局', '市卫生健康委'])
})

test('a system is noted with its owner, a unit with nothing, a unit that is no more with that', () => {
  expect(referenceOptions([{ id: 's', name: '核对系统', org: { name: '市民政局' } }])[0]?.note).toBe('市民政局')
  expect(referenceOptions([{ id: 'o', name: '市民政局', validTo: null }])).toEqual([{ value: 'o', label: '市民政局', note: null }])
  expect(referenceOptions([{ id: 'o', name: '市信息化办公室', validTo: '2024-01-01' }])[0]?.note).toBe('已撤销或更名')
})

test('a division is noted with what it lies in and its code, one that is no more with that', () => {
  const note = (line: { within: string; inUse: boolean }) => referenceOptions([{ id: '150302', name: '海勃湾区', ...line }])[0]?.note
  expect(note({ within: '内蒙古自治区乌海市', inUse: true })).toBe('内蒙古自治区乌海市，150302')
  expect(note({ within: '', inUse: true })).toBe('150302')
  expect(note({ within: '内蒙古自治区乌海市', inUse: false })).toBe('已撤销或更名')
})

test('Enter takes the name that begins soonest with what was typed', () => {
  const lines = [
    { id: 'g', name: '乌海市人民政府' },
    { id: 'm', name: '市民政局' },
    { id: 's', name: '未含所输文字的简称' },
  ]
  expect(referenceOptions(lines, '民政').map((one) => one.value)).toEqual(['m', 'g', 's'])
  expect(referenceOptions(lines).map((one) => one.value)).toEqual(['g', 'm', 's'])
})

test('an empty list says whether the name is unknown or there is nothing to choose', () => {
  expect(nothingFound('project', '低保')).toBe('没有名称含“低保”的项目')
  expect(nothingFound('organisation', '')).toBe('当前岗位没有可选的单位')
})

test('a name that may not be read is not confused with one that could not be read', () => {
  expect(nameless('project', true)).toBe('当前岗位不能查看的项目')
  expect(nameless('project', false)).toBe('项目名称未能读取')
})
