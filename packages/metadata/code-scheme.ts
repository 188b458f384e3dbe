// SPDX-License-Identifier: Apache-2.0
import schemes from './data/code-schemes.json' with { type: 'json' }

/** What a resource code (信息资源代码) is made from. A scheme takes of it what it needs. */
export interface CodeSource {
  /** 类项目细目. */
  classCode: string
  /** Place in the class or whatever the scheme counts within, from 1. */
  sequence: number
  /** 提供方统一社会信用代码. */
  providerCode: string | null
}

/** How codes of a city look (编码方案): data, and one pure function. Another city's scheme is another entry here. */
export interface CodeScheme {
  id: string
  title: string
  basis: string
  /** Whether the layout was compared with the text of the norm. */
  verified: boolean
  note: string
  /** Whether a text is a code of this scheme. */
  isCode(text: string): boolean
  /** Within what sequences run: two resources with the same key never have the same sequence. */
  countedBy(source: Omit<CodeSource, 'sequence'>): string
  code(source: CodeSource): string
  /** The class that a code names; undefined where the text is no code. */
  classOf(code: string): string | undefined
}

type SchemeData = (typeof schemes)[number]

/** 分类码/顺序码, the sequence filled with zeros to an even width. */
function national1272({ pattern, sequenceDigits, ...data }: SchemeData): CodeScheme {
  const form = new RegExp(pattern)
  return {
    ...data,
    isCode: (text) => form.test(text),
    countedBy: ({ classCode }) => classCode,
    code: ({ classCode, sequence }) => `${classCode}/${String(sequence).padStart(sequenceDigits, '0')}`,
    classOf: (code) => (form.test(code) ? code.slice(0, code.indexOf('/')) : undefined),
  }
}

/** The function of each scheme by its id; one whose layout we do not hold is not here. */
const makers: Readonly<Record<string, (data: SchemeData) => CodeScheme>> = { 'national-1272': national1272 }

/** The scheme of an id. A city that names one that is not there does not start. */
export function codeScheme(id: string): CodeScheme {
  const data = schemes.find((one) => one.id === id)
  const make = makers[id]
  if (!data || !make) throw new RangeError(`没有编码方案“${id}”，现有：${schemes.map((one) => one.id).join('、')}`)
  return make(data)
}
