// SPDX-License-Identifier: Apache-2.0
import { Graph, layout } from '@dagrejs/dagre'

/** A decision somebody signed at a step. */
export interface PathDecision {
  person: string
  organisation: string
  outcome: string
  opinion: string
  at: string
}

/** A step of a procedure path (流程图), as far as the reader may know it. */
export interface PathStep {
  id: string
  title: string
  state: 'done' | 'active' | 'ahead' | 'skipped'
  /** Who acts here, in Chinese. */
  duty: string
  organisation?: string | undefined
  holders?: readonly string[] | undefined
  /** What holds or waits beside it: 由某某转来, 前加签待签署, 挂账. */
  remarks?: readonly string[]
  since?: string | null | undefined
  due?: string | null | undefined
  overdue?: boolean | undefined
  decisions: readonly PathDecision[]
  /** 5 个工作日, or why there is no limit. */
  limitText: string
}

export interface PathEdge {
  from: string
  to: string
  kind: 'forward' | 'return'
  /** The outcome that leads this way. */
  title?: string | undefined
  /** How often the case went this way; without it a way between passed steps counts as walked. */
  taken?: number | undefined
}

/** What `describePath` of the procedure engine gives. */
export interface ProcedurePath {
  steps: readonly PathStep[]
  edges: readonly PathEdge[]
}

export interface PlacedStep {
  step: PathStep
  x: number
  y: number
}

export interface PlacedEdge {
  edge: PathEdge
  /** SVG path data. */
  line: string
  walked: boolean
}

export interface PathLayout {
  width: number
  height: number
  steps: PlacedStep[]
  edges: PlacedEdge[]
}

export const BOX = { width: 176, height: 84 } as const
const GAP = { rank: 44, node: 20, row: 30, margin: 12, lane: 11 } as const
const PITCH = BOX.width + GAP.rank

interface Cell {
  step: PathStep
  row: number
  column: number
  /** Place among the steps of the same rank, from the top. */
  order: number
}

interface Lane {
  edge: PathEdge
  from: Cell
  to: Cell
  /** Where its level stretch runs: above its row (skips steps), or below it (returns, goes on in the next row). */
  row: number
  side: 'above' | 'below' | 'none'
  level: number
}

/**
 * Places the steps from left to right and folds the line where the page ends, as text is folded.
 * What is alone at its rank lies on one line; branches stand above each other; returns and skips run in lanes of their own.
 */
export function layoutPath(given: ProcedurePath, available: number): PathLayout {
  const path = { steps: given.steps, edges: mergeEdges(given.edges) }
  const perRow = Math.max(1, Math.floor((available - 2 * GAP.margin + GAP.rank) / PITCH))
  const cells = rankSteps(path).map(
    ({ step, rank, order }): Cell => ({ step, order, row: Math.floor(rank / perRow), column: rank % perRow }),
  )
  const lanes = assignLanes(path.edges, cells)
  const rows = rowsOf(cells, lanes)
  const placed = new Map(cells.map((cell) => [cell, placeCell(cell, cells, rows)]))
  const edges = lanes.flatMap((lane): PlacedEdge[] => {
    const [start, end, row] = [placed.get(lane.from), placed.get(lane.to), rows[lane.row]]
    if (!start || !end || !row) return []
    const level = lane.side === 'above' ? row.top - GAP.lane * lane.level : row.bottom + GAP.lane * lane.level
    return [{ edge: lane.edge, walked: isWalked(lane), line: lineOf(lane, start, end, level) }]
  })
  const columns = Math.max(0, ...cells.map((cell) => cell.column)) + 1
  return { width: 2 * GAP.margin + columns * PITCH - GAP.rank, height: rows.at(-1)?.end ?? 0, steps: [...placed.values()], edges }
}

interface Row {
  /** Upper and lower edge of its boxes. */
  top: number
  bottom: number
  /** Lower edge with its lanes. */
  end: number
}

function rowsOf(cells: readonly Cell[], lanes: readonly Lane[]): Row[] {
  const rows: Row[] = []
  const count = Math.max(0, ...cells.map((cell) => cell.row)) + 1
  let y: number = GAP.margin
  for (let row = 0; row < count; row++) {
    const highest = (side: Lane['side']) =>
      Math.max(0, ...lanes.filter((lane) => lane.row === row && lane.side === side).map((lane) => lane.level))
    const top = y + highest('above') * GAP.lane
    const tallest = Math.max(1, ...cells.filter((cell) => cell.row === row).map((cell) => cell.order + 1))
    const bottom = top + tallest * (BOX.height + GAP.node) - GAP.node
    const end = bottom + highest('below') * GAP.lane + GAP.margin
    rows.push({ top, bottom, end })
    y = end + GAP.row - GAP.margin
  }
  return rows
}

function placeCell(cell: Cell, cells: readonly Cell[], rows: readonly Row[]): PlacedStep {
  const row = rows[cell.row] ?? { top: 0, bottom: 0 }
  const beside = cells.filter((other) => other.row === cell.row && other.column === cell.column).length
  const height = beside * (BOX.height + GAP.node) - GAP.node
  const first = row.top + (row.bottom - row.top - height) / 2
  return { step: cell.step, x: GAP.margin + cell.column * PITCH, y: first + cell.order * (BOX.height + GAP.node) }
}

/** Gives every line that cannot run straight a lane of its own, the shorter nearer to the boxes. */
function assignLanes(edges: readonly PathEdge[], cells: readonly Cell[]): Lane[] {
  const at = new Map(cells.map((cell) => [cell.step.id, cell]))
  const lanes = edges.flatMap((edge): Lane[] => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)]
    if (!from || !to || from === to) return []
    const sameRow = from.row === to.row
    if (edge.kind === 'forward' && sameRow) {
      const next = to.column - from.column <= 1
      return [{ edge, from, to, row: from.row, side: next ? 'none' : 'above', level: 0 }]
    }
    return [{ edge, from, to, row: edge.kind === 'return' ? Math.max(from.row, to.row) : from.row, side: 'below', level: 0 }]
  })
  const span = (lane: Lane) => Math.abs(lane.to.column - lane.from.column) + (lane.to.row === lane.from.row ? 0 : 100)
  const used = new Map<string, number>()
  for (const lane of [...lanes].sort((a, b) => span(a) - span(b))) {
    if (lane.side === 'none') continue
    // What leads on from one row to the same step shares its way.
    const shared = lanes.find((other) => other !== lane && other.level > 0 && lane.edge.kind === 'forward' && joins(lane, other))
    const key = `${lane.row} ${lane.side}`
    lane.level = shared?.level ?? (used.get(key) ?? 0) + 1
    used.set(key, Math.max(used.get(key) ?? 0, lane.level))
  }
  return lanes
}

function joins(lane: Lane, other: Lane): boolean {
  return other.edge.kind === 'forward' && other.to === lane.to && other.row === lane.row && other.side === lane.side
}

function isWalked({ edge, from, to }: Lane): boolean {
  if (edge.kind === 'return') return false
  if (edge.taken !== undefined) return edge.taken > 0
  return from.step.state === 'done' && (to.step.state === 'done' || to.step.state === 'active')
}

/**
 * Ranks from the start and the order of branches. All edges are handed the other way round, because dagre ranks from the
 * ends and a step belongs right after what leads to it; a return, which leads back, is so handed as it is and never turns a forward edge.
 */
function rankSteps(path: ProcedurePath): { step: PathStep; rank: number; order: number }[] {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'RL', ranker: 'longest-path', ranksep: GAP.rank, nodesep: GAP.node })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const step of path.steps) graph.setNode(step.id, { width: BOX.width, height: BOX.height })
  path.edges.forEach((edge, index) => {
    if (edge.from === edge.to || !graph.hasNode(edge.from) || !graph.hasNode(edge.to)) return
    const [tail, head] = edge.kind === 'return' ? [edge.from, edge.to] : [edge.to, edge.from]
    graph.setEdge(tail, head, { weight: edge.kind === 'return' ? 0 : 4 }, String(index))
  })
  layout(graph)
  const nodes = path.steps.map((step) => ({ step, x: Math.round(graph.node(step.id).x ?? 0), y: graph.node(step.id).y ?? 0 }))
  const columns = [...new Set(nodes.map((node) => node.x))].sort((a, b) => a - b)
  return nodes.map(({ step, x, y }) => ({
    step,
    rank: columns.indexOf(x),
    order: nodes.filter((other) => other.x === x && other.y < y).length,
  }))
}

/** Several outcomes may lead the same way (同意, 原则同意): one line is drawn for them. */
function mergeEdges(edges: readonly PathEdge[]): PathEdge[] {
  const merged = new Map<string, PathEdge>()
  for (const edge of edges) {
    const key = `${edge.kind} ${edge.from} ${edge.to}`
    const other = merged.get(key)
    if (!other) merged.set(key, edge)
    else if (edge.taken !== undefined || other.taken !== undefined)
      merged.set(key, { ...other, taken: (other.taken ?? 0) + (edge.taken ?? 0) })
  }
  return [...merged.values()]
}

function lineOf(lane: Lane, start: PlacedStep, end: PlacedStep, level: number): string {
  const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2]
  const [x2, y2] = [end.x - 2, end.y + BOX.height / 2]
  if (lane.side === 'none') return y1 === y2 ? `M${x1} ${y1} H${x2}` : `M${x1} ${y1} H${x1 + GAP.rank / 2} V${y2} H${x2}`
  if (lane.side === 'above') return `M${x1} ${y1} H${x1 + 12} V${level} H${x2 - 14} V${y2} H${x2}`
  if (lane.edge.kind === 'forward') return `M${x1} ${y1} H${x1 + 10} V${level} H${Math.max(3, end.x - 8)} V${y2} H${x2}`
  return back(lane, start, end, level)
}

/** A line back: out below, along its lane, up into the step it returns to; into another row it enters on the left. */
function back(lane: Lane, start: PlacedStep, end: PlacedStep, level: number): string {
  const shift = Math.min(lane.level, 6) * 12
  const x1 = start.x + BOX.width / 2 + shift
  const y1 = start.y + BOX.height
  if (lane.from.row === lane.to.row) return `M${x1} ${y1} V${level} H${end.x + BOX.width / 2 - shift + 24} V${end.y + BOX.height + 2}`
  return `M${x1} ${y1} V${level} H${Math.max(3, end.x - 16)} V${end.y + BOX.height - 14} H${end.x - 2}`
}
