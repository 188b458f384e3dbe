// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, Unreachable } from '@tongchou/api-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DraftSaver, type SaveAttempt, type SavedDraft, type SaveStanding } from './draft-saver.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function given(answers: (SavedDraft | Error)[], saved: SavedDraft | null = null) {
  const sent: SaveAttempt[] = []
  const told: SaveStanding['kind'][] = []
  const send = async (attempt: SaveAttempt) => {
    sent.push(attempt)
    const answer = answers.shift()
    if (answer === undefined) throw new Error('one request too many')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { sent, told, saver: new DraftSaver<SavedDraft>(send, (standing) => told.push(standing.kind), saved, '') }
}

const version = (number: number): SavedDraft => ({ id: 'p', version: number, updatedAt: `2026-11-22T01:00:0${number}Z` })

test('what is typed is saved a moment after the last key, once', async () => {
  const { sent, told, saver } = given([version(1)])
  saver.offer('a', { name: 'a' })
  saver.offer('ab', { name: 'ab' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent.map((one) => one.body)).toEqual([{ name: 'ab' }])
  expect(told).toEqual(['saving', 'saved'])
  expect(saver.isDirty).toBe(false)
})

test('what is incomplete is kept on the page and not sent', async () => {
  const { sent, told, saver } = given([])
  saver.offer('a', null)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent).toEqual([])
  expect(told).toEqual(['kept'])
  expect(saver.isDirty).toBe(true)
})

test('a first save whose answer was lost is repeated as it was, under its key, before anything newer is sent', async () => {
  const { sent, told, saver } = given([new Unreachable('offline'), version(1), version(2)])
  saver.offer('a', { name: 'a' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(told).toEqual(['saving', 'offline'])
  saver.offer('ab', { name: 'ab' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent.map((one) => [one.target?.version ?? null, one.body])).toEqual([
    [null, { name: 'a' }],
    [null, { name: 'a' }],
    [1, { name: 'ab' }],
  ])
  expect(sent[1]?.key).toBe(sent[0]?.key)
  expect(sent[2]?.key).not.toBe(sent[0]?.key)
})

test('without an answer it tries again by itself', async () => {
  const { sent, saver } = given([new Unreachable('timeout'), version(1)])
  saver.offer('a', { name: 'a' })
  await vi.advanceTimersByTimeAsync(7000)
  expect(sent).toHaveLength(2)
  expect(saver.isDirty).toBe(false)
})

test('a refusal is told and not repeated until something else is typed', async () => {
  const { sent, told, saver } = given([new ApiProblem({ status: 409, code: 'project.stale', title: '已修改' }), version(8)], version(7))
  saver.offer('a', { name: 'a' })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(told).toEqual(['saving', 'refused'])
  saver.offer('b', { name: 'b' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent.map((one) => one.target?.version)).toEqual([7, 7])
  expect(told.at(-1)).toBe('saved')
})

test('handing in saves first and gives what is on the server, or nothing when it is not', async () => {
  const { saver } = given([version(1)])
  saver.offer('a', { name: 'a' })
  expect(await saver.flush()).toEqual(version(1))
  saver.offer('a2', null)
  expect(await saver.flush()).toBeNull()
})
