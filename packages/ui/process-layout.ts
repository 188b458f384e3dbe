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
const GAP = { rank: 44, node: 20, row: 40, margin: 12, lane: 11 } as const
const PITCH = BOX.width + GAP.rank

interface Cell {
  step: PathStep
  rank: number
  /** Distance from the top of its row. */
  top: number
}

/**
 * Places the steps from left to right and folds the line where the page ends, as text is folded.
 * Returns are handed to dagre reversed, so that every forward edge points forward; they are drawn in lanes below their row.
 */
export function layoutPath(path: ProcedurePath, available: number): PathLayout {
  const cells = rankSteps(path)
  const perRow = Math.max(1, Math.floor((available - 2 * GAP.margin + GAP.rank) / PITCH))
  const rowOf = (cell: Cell) => Math.floor(cell.rank / perRow)
  const rowCount = Math.max(0, ...cells.map(rowOf)) + 1
  const at = new Map(cells.map((cell) => [cell.step.id, cell]))
  const lanes = countLanes(path.edges, at, rowOf, rowCount)
  const tops: number[] = []
  const bottoms: number[] = []
  let y: number = GAP.margin
  for (let row = 0; row < rowCount; row++) {
    const inRow = cells.filter((cell) => rowOf(cell) === row)
    const first = Math.min(...inRow.map((cell) => cell.top))
    for (const cell of inRow) cell.top -= first
    const height = Math.max(...inRow.map((cell) => cell.top)) + BOX.height
    tops[row] = y
    bottoms[row] = y + height
    y += height + (lanes[row] ?? 0) * GAP.lane + (row < rowCount - 1 ? GAP.row : GAP.margin)
  }
  const place = (cell: Cell): PlacedStep => ({
    step: cell.step,
    x: GAP.margin + (cell.rank % perRow) * PITCH,
    y: (tops[rowOf(cell)] ?? 0) + cell.top,
  })
  const placed = new Map(cells.map((cell) => [cell.step.id, place(cell)]))
  const nextLane = bottoms.map(() => 0)
  const edges = path.edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)]
    const [start, end] = [placed.get(edge.from), placed.get(edge.to)]
    if (!from || !to || !start || !end) return []
    const walked = edge.kind === 'forward' && from.step.state === 'done' && (to.step.state === 'done' || to.step.state === 'active')
    if (edge.kind === 'forward' && rowOf(from) === rowOf(to)) return [{ edge, walked, line: straight(start, end, to.rank - from.rank) }]
    const row = edge.kind === 'return' ? Math.max(rowOf(from), rowOf(to)) : rowOf(from)
    const lane = nextLane[row] ?? 0
    nextLane[row] = lane + 1
    const laneY = (bottoms[row] ?? 0) + GAP.lane * (lane + 1)
    const line = edge.kind === 'return' ? back(start, end, laneY, rowOf(from) === rowOf(to), lane) : fold(start, end, laneY)
    return [{ edge, walked, line }]
  })
  const columns = Math.min(perRow, Math.max(0, ...cells.map((cell) => cell.rank)) + 1)
  return { width: 2 * GAP.margin + columns * PITCH - GAP.rank, height: y, steps: [...placed.values()], edges }
}

function rankSteps(path: ProcedurePath): Cell[] {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', ranksep: GAP.rank, nodesep: GAP.node })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const step of path.steps) graph.setNode(step.id, { width: BOX.width, height: BOX.height })
  path.edges.forEach((edge, index) => {
    if (edge.from === edge.to || !graph.hasNode(edge.from) || !graph.hasNode(edge.to)) return
    const [tail, head] = edge.kind === 'return' ? [edge.to, edge.from] : [edge.from, edge.to]
    graph.setEdge(tail, head, { weight: edge.kind === 'return' ? 0 : 4 }, String(index))
  })
  layout(graph)
  const columns = [...new Set(path.steps.map((step) => Math.round(graph.node(step.id).x ?? 0)))].sort((a, b) => a - b)
  return path.steps.map((step) => {
    const node = graph.node(step.id)
    return { step, rank: columns.indexOf(Math.round(node.x ?? 0)), top: node.y ?? 0 }
  })
}

function countLanes(edges: readonly PathEdge[], at: ReadonlyMap<string, Cell>, rowOf: (cell: Cell) => number, rows: number): number[] {
  const lanes = Array.from({ length: rows }, () => 0)
  for (const edge of edges) {
    const [from, to] = [at.get(edge.from), at.get(edge.to)]
    if (!from || !to || (edge.kind === 'forward' && rowOf(from) === rowOf(to))) continue
    const row = edge.kind === 'return' ? Math.max(rowOf(from), rowOf(to)) : rowOf(from)
    lanes[row] = (lanes[row] ?? 0) + 1
  }
  return lanes
}

/** Right side to left side. Over a distance of several ranks it leaves and arrives level, clear of what lies between. */
function straight(start: PlacedStep, end: PlacedStep, ranks: number): string {
  const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2]
  const [x2, y2] = [end.x - 2, end.y + BOX.height / 2]
  if (y1 === y2 && ranks <= 1) return `M${x1} ${y1} H${x2}`
  if (ranks <= 1) {
    const middle = x1 + GAP.rank / 2
    return `M${x1} ${y1} H${middle} V${y2} H${x2}`
  }
  const over = Math.min(start.y, end.y) - GAP.lane / 2
  return `M${x1} ${y1} H${x1 + 14} V${over} H${x2 - 16} V${y2} H${x2}`
}

/** To the next row: out on the right, down, along below the row, in on the left. */
function fold(start: PlacedStep, end: PlacedStep, laneY: number): string {
  const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2]
  const [x2, y2] = [end.x - 2, end.y + BOX.height / 2]
  const right = x1 + 10
  const left = Math.max(3, end.x - 10)
  return `M${x1} ${y1} H${right} V${laneY} H${left} V${y2} H${x2}`
}

/** A line back: out below, along its lane, up into the step it returns to. */
function back(start: PlacedStep, end: PlacedStep, laneY: number, sameRow: boolean, lane: number): string {
  const shift = ((lane % 4) + 1) * 10
  const x1 = start.x + BOX.width / 2 + shift
  const x2 = end.x + BOX.width / 2 - shift
  const y1 = start.y + BOX.height
  if (sameRow) return `M${x1} ${y1} V${laneY} H${x2} V${end.y + BOX.height + 2}`
  const aside = Math.max(3, end.x - 6)
  return `M${x1} ${y1} V${laneY} H${aside} V${end.y + BOX.height - 14} H${end.x - 2}`
}
