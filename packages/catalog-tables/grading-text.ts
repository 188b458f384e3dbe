// SPDX-License-Identifier: Apache-2.0
import { type Entry, gradingDegrees, gradingObjects, type Impact, labelOf, readCode } from '@tongchou/metadata'

/** A line of a reason that goes on begins with a wide space: what follows is not another line of the grading. */
const GOES_ON = '　'

/** 定级理由 in one cell, a line for each: 个人权益／严重危害／含家庭成员信息. */
export function gradingText(grading: Entry['grading']): string {
  return grading
    .map(({ object, degree, reason }) =>
      [labelOf('gradingObject', object), labelOf('gradingDegree', degree), reason.replaceAll('\n', `\n${GOES_ON}`)].join('／'),
    )
    .join('\n')
}

/** Reads it again; undefined where a line is not of this form. */
export function readGrading(text: string): Impact[] | undefined {
  const lines = text.replaceAll(`\n${GOES_ON}`, '\u0000').split('\n')
  const impacts = lines.filter((line) => line.trim() !== '').map(impactOf)
  return impacts.every((impact) => impact !== undefined) ? impacts : undefined
}

function impactOf(line: string): Impact | undefined {
  const [first = '', second = '', ...rest] = line.split(/[／/]/)
  const object = gradingObjects.find((one) => one === readCode('gradingObject', first))
  const degree = gradingDegrees.find((one) => one === readCode('gradingDegree', second))
  if (object === undefined || degree === undefined || rest.length === 0) return undefined
  // The reason as it stands, with the bars that are its own.
  const reason = line.slice(first.length + second.length + 2).replaceAll('\u0000', '\n')
  return { object, degree, reason }
}
