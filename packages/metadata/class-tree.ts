// SPDX-License-Identifier: Apache-2.0
import type { SourceMark } from './code-list.ts'
import seed from './data/class-seed.json' with { type: 'json' }

/** A class of resources (信息资源分类): 类 1 digit, 项 2 more, 目 3 more, 细目 any number more. */
export interface ClassNode {
  code: string
  title: string
  /** A class that is no longer given to new entries (停用) is not active. */
  active: boolean
}

/** The classes that are known. `whole`: what is not here does not exist; otherwise nobody can tell below 项. */
export interface ClassTree {
  whole: boolean
  find(code: string): ClassNode | undefined
}

/** 类 and 项 as they come with the product; 目 and 细目 are the city's own. Their digits are from memory. */
export const classSeed = seed as readonly { code: string; title: string; mark: SourceMark }[]

/** The classes of a city. */
export function classTree(nodes: readonly ClassNode[], whole = true): ClassTree {
  const byCode = new Map(nodes.map((node) => [node.code, node]))
  return { whole, find: (code) => byCode.get(code) }
}

/** What can be told without a city's own classes. */
export const seedTree: ClassTree = classTree(
  classSeed.map(({ code, title }) => ({ code, title, active: true })),
  false,
)

export type ClassLevel = '类' | '项' | '目' | '细目'

/** The level of a class by the length of its code; undefined where no class can have such a code. */
export function levelOf(code: string): ClassLevel | undefined {
  if (!/^[1-3]\d*$/.test(code)) return undefined
  return code.length > 6 ? '细目' : ({ 1: '类', 3: '项', 6: '目' } as const)[code.length]
}

/** The code of the class above, by length: of a 细目 the 目 or, where they are nested, the longest one in the tree. */
export function parentOf(code: string, tree: ClassTree): string | null {
  if (code.length <= 1) return null
  if (code.length <= 3) return code.slice(0, 1)
  if (code.length <= 6) return code.slice(0, 3)
  for (let length = code.length - 1; length > 6; length -= 1) if (tree.find(code.slice(0, length))) return code.slice(0, length)
  return code.slice(0, 6)
}

/** A class with those above it, as people read it: 部门信息资源 / 省及下级 / 民政. */
export function classPath(code: string, tree: ClassTree): string {
  const titles: string[] = []
  for (let at: string | null = code; at !== null; at = parentOf(at, tree)) titles.unshift(tree.find(at)?.title ?? at)
  return titles.join(' / ')
}
