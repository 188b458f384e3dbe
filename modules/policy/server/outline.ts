import type { Basis } from './pack.ts'
import { BASES } from './pack.ts'
import type { PackProblem } from './pack-problem.ts'
import { known } from './rule-reader.ts'
import type { YamlValue } from './yaml-value.ts'

/** One heading of a paper (提纲条目). */
export interface OutlineNode {
  id: string
  title: string
  required: boolean
  article?: string
  /** Differs from the paper's own where one heading rests on a text that we hold, or does not. */
  verified?: boolean
  note?: string
  children: readonly OutlineNode[]
}

/** The outline of a paper that a procedure asks for (材料提纲), as a tree. */
export interface Outline {
  id: string
  title: string
  article: string
  basis: Basis
  /** False where the headings come from memory of a text that we do not hold; screens say so. */
  verified: boolean
  source: string
  nodes: readonly OutlineNode[]
}

/** Reads `documents/<id>.yaml`; what it cites must be an article of the pack. */
export function readOutline(id: string, yaml: YamlValue, articles: readonly string[], problems: PackProblem[]): Outline {
  const record = yaml.record(['title', 'article', 'basis', 'verified', 'source', 'nodes'])
  const nodes = readNodes(record.nodes, articles)
  const seen = new Set<string>()
  for (const node of flatten(nodes)) {
    if (seen.has(node.id)) problems.push(record.nodes.mistake(`条目“${node.id}”重复`, '每个条目用不同的标识').problem)
    seen.add(node.id)
  }
  return {
    id,
    title: record.title.text(),
    article: known(record.article, articles, '条文'),
    basis: record.basis.oneOf(BASES),
    verified: record.verified.truth(),
    source: record.source.text(),
    nodes,
  }
}

function readNodes(value: YamlValue, articles: readonly string[]): OutlineNode[] {
  return value.list().map((entry) => {
    const record = entry.record(['id', 'title', 'required'], ['article', 'verified', 'note', 'children'])
    return {
      id: record.id.text(),
      title: record.title.text(),
      required: record.required.truth(),
      ...(record.article && { article: known(record.article, articles, '条文') }),
      ...(record.verified && { verified: record.verified.truth() }),
      ...(record.note && { note: record.note.text() }),
      children: record.children ? readNodes(record.children, articles) : [],
    }
  })
}

function flatten(nodes: readonly OutlineNode[]): OutlineNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)])
}
