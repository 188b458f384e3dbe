import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { Signer } from '@tongchou/evidence'
import { type ResourceDefinition, rowReader } from '@tongchou/records'
import { askFormat, bucketOf, headersOf, keyDigest, openDigest, signParcel } from '@tongchou/wire'
import type { Row } from './registers.ts'
import type { Speaker } from './speaker.ts'

/** How often each register's machine says that it reconciles; the others are of before 对账. */
export const everyHours: Readonly<Record<string, number>> = { vehicle: 168, person: 168, household: 168, death: 24 }

/** A machine that asks: whose channel, in which term, signed with which key. */
export interface Asking {
  machine: Speaker
  signer: Signer
  channel: string
  lane: string
  epoch: number
}

/** A source as it stands when it is held against the center's copy. */
export interface SourceNow {
  items: readonly string[]
  rows: Iterable<Row>
  /** Lines of it that nobody can tell the key of: whose record is only at the center could then be one of them. */
  unreadable: number
}

/** What a run found (对账), and the rows that the center lacks or has otherwise. */
export interface Found {
  id: string
  differing: Row[]
}

/** Which run's findings were repaired before this one, and whether the center makes its hashes anew of the values. */
export interface Manner {
  follows: string | null
  by: 'hashes' | 'values'
}

/** One digest of all records whose key begins alike: a demo city's register needs no second level. */
const BITS = 8

/** Holds a source against the center's copy as a machine does whose source stands still meanwhile (decision 0053). */
export async function reconcile(asking: Asking, source: SourceNow, { follows, by }: Manner): Promise<Found> {
  const id = randomUUID()
  const { ask, asked } = askerOf(asking, id)
  const { structure } = await ask<{ structure: ResourceDefinition }>('', { id, follows, by })
  const ours = readSource(structure, source)
  const nonce = randomBytes(16).toString('hex')
  const copy = { nonce, by, bits: BITS }
  const told = await ask<Answer>(`/${id}/questions`, { wants: 'digests', ...copy, within: null })
  const within = differingBuckets(ours.digests(nonce), told.digests)
  const { rows: theirs } = within.length === 0 ? { rows: [] } : await ask<Answer>(`/${id}/questions`, { wants: 'rows', ...copy, within })
  const { differences, differing, corrected } = ours.against(theirs, within)
  const count = (kind: Kind) => differences.filter((one) => one.kind === kind).length
  const isHeld = count('only-center') > 0 && source.unreadable > 0
  await ask(`/${id}/result`, {
    ...{ onlySource: count('only-source'), onlyCenter: count('only-center'), different: count('different') },
    ...{ quarantined: ours.bad + corrected, moving: 0, seq: told.seq, compared: ours.compared, bytes: asked() },
    repair: differences.length === 0 ? 'none' : isHeld ? 'held' : 'sent',
    differences,
  })
  return { id, differing }
}

type Kind = 'only-source' | 'only-center' | 'different'

interface Answer {
  seq: number
  digests: [bucket: number, rows: number, digest: string][]
  rows: [key: string, hash: string, isCorrected: boolean, isStale: boolean][]
}

/** Asks signed, each question with its number; and how many bytes went to and fro. */
function askerOf({ machine, signer, channel, lane, epoch }: Asking, batchId: string) {
  let number = 0
  let bytes = 0
  const ask = async <T>(path: string, body: object): Promise<T> => {
    const text = JSON.stringify(body)
    const parcel = { channel, lane, epoch, number: ++number, batchId, digest: hash('sm3', text, 'hex') }
    const headers = { ...headersOf(await signParcel(signer, parcel, askFormat)), 'tongchou-number': String(number) }
    const answer = await machine.post<T>(`/channels/${channel}/lanes/${lane}/reconciliations${path}`, body, headers)
    bytes += text.length + JSON.stringify(answer).length
    return answer
  }
  return { ask, asked: () => bytes }
}

/** The source's records, checked and hashed as the center does; of one that is wrong only its key is known. */
function readSource(structure: ResourceDefinition, { items, rows, unreadable }: SourceNow) {
  const reader = rowReader(structure, items)
  const good = new Map<string, { hash: string; row: Row; digest: Buffer }>()
  const wrong = new Set<string>()
  let bad = unreadable
  for (const row of rows) {
    const checked = reader.read(row)
    if (!Array.isArray(checked)) {
      good.set(checked.key, { hash: checked.hash, row, digest: keyDigest(checked.key) })
      continue
    }
    bad += 1
    const key = reader.keyOf(row)
    if (key !== null) wrong.add(key)
  }
  return {
    bad,
    compared: good.size + bad,
    digests(nonce: string): Map<number, string> {
      const sums = new Map<number, ReturnType<typeof openDigest>>()
      for (const { digest, hash: of } of [...good.values()].sort((a, b) => Buffer.compare(a.digest, b.digest))) {
        const bucket = bucketOf(digest, BITS)
        const sum = sums.get(bucket) ?? openDigest(nonce)
        sum.add(digest, Buffer.from(of, 'hex'))
        sums.set(bucket, sum)
      }
      return new Map([...sums].map(([bucket, sum]) => [bucket, sum.end()]))
    },
    against(theirs: Answer['rows'], buckets: readonly number[]) {
      const looked = new Set(buckets)
      const left = new Map(theirs.map(([key, of, isCorrected]) => [key, { of, isCorrected }]))
      const differences: { kind: Kind; key: string }[] = []
      const differing: Row[] = []
      for (const [key, { hash: of, row, digest }] of good) {
        if (!looked.has(bucketOf(digest, BITS))) continue
        const other = left.get(key)
        left.delete(key)
        if (other?.of === of) continue
        differences.push({ kind: other ? 'different' : 'only-source', key })
        differing.push(row)
      }
      // The center may have a record as it was before it went wrong in the source: neither the same nor another.
      const gone = [...left].filter(([key]) => !wrong.has(key))
      for (const [key, { isCorrected }] of gone) if (!isCorrected) differences.push({ kind: 'only-center', key })
      return { differences, differing, corrected: gone.filter(([, { isCorrected }]) => isCorrected).length }
    },
  }
}

function differingBuckets(ours: ReadonlyMap<number, string>, told: Answer['digests']): number[] {
  const theirs = new Map(told.map(([bucket, , digest]) => [bucket, digest]))
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((bucket) => ours.get(bucket) !== theirs.get(bucket)).sort((a, b) => a - b)
}
