import { batchDigest } from './batch.ts'
import { fromBase64, toHex, utf8 } from './bytes.ts'
import { type Hash, sm3, type TreeHash, treeHash } from './hash.ts'
import { headVerifier, type SignedHead } from './head.ts'
import { leafText } from './leaf.ts'
import { rootFromPath } from './paths.ts'
import { type Proof, type Receipt, readReceipt } from './receipt.ts'
import { sm2Fingerprint } from './sm2.ts'

/** A step of verifying a receipt (校验步骤), in the order in which they are taken. */
export type StepName = 'form' | 'entry' | 'tree' | 'signature' | 'key' | 'head'

/** How a step ended. `unchecked` is for what only something held elsewhere can tell. */
export interface Step {
  name: StepName
  title: string
  outcome: 'holds' | 'fails' | 'unchecked'
  /** One sentence for whoever reads it. */
  says: string
  /** What was worked out, where that is a hash. */
  computed: string | null
}

/** What verifying a receipt found (校验结果). It ends with the first step that fails. */
export interface ReceiptReport {
  holds: boolean
  says: string
  steps: Step[]
  /** The receipt that was read, to be shown; null where it is none. */
  receipt: Receipt | null
  /** SM3 of the key that signed. */
  fingerprint: string | null
}

/** What somebody holds apart from the platform, to compare a receipt with. */
export interface Held {
  /** The fingerprint of the platform's key. */
  fingerprint?: string | undefined
  /** Heads that were copied. */
  heads?: readonly SignedHead[] | undefined
}

const titles: Readonly<Record<StepName, string>> = {
  form: '凭证格式',
  entry: '记录在批次中',
  tree: '批次在存证树中',
  signature: '树头的签名',
  key: '签名公钥',
  head: '外部签名头',
}

/** Verifies a receipt as it stands in a file (校验凭证): needs neither the platform nor its database, nor the network. */
export function verifyReceipt(text: string, held: Held = {}, hash: Hash = sm3): ReceiptReport {
  const receipt = readReceipt(text)
  if (typeof receipt === 'string') {
    const says = `文件不能作为存证凭证校验：${receipt}。`
    return { holds: false, says, steps: [step('form', 'fails', says)], receipt: null, fingerprint: null }
  }
  const fingerprint = sm2Fingerprint(receipt.head.publicKey)
  const steps: Step[] = []
  for (const next of stepsOf(receipt, fingerprint, held, treeHash(hash))) {
    steps.push(next)
    if (next.outcome === 'fails') return { holds: false, says: `凭证不成立。${next.says}`, steps, receipt, fingerprint }
  }
  return { holds: true, says: sumUp(receipt, steps), steps, receipt, fingerprint }
}

function* stepsOf(receipt: Receipt, fingerprint: string, held: Held, tree: TreeHash): Generator<Step> {
  const { entry, leaf, proof, head } = receipt
  yield step('form', 'holds', `存证凭证，版本 ${receipt.format}。`)
  if (entry) {
    const root = rootOfProof(tree, entry.text, entry.proof)
    const digest = root && batchDigest(tree, entry.proof.size, root)
    if (digest !== leaf.digest) yield step('entry', 'fails', '由记录内容算出的批次摘要与凭证所载不符：记录或其批内路径被改动过。', digest)
    else yield step('entry', 'holds', `记录是本批 ${entry.proof.size} 项中的第 ${entry.proof.index + 1} 项，算出的批次摘要相符。`, digest)
  }
  const treeRoot = rootOfProof(tree, leafText(leaf), proof)
  const root = treeRoot && toHex(treeRoot)
  if (root !== head.root)
    yield step('tree', 'fails', '由批次算出的树根与签名头所载不符：批次的类别、对象、摘要、时间或其路径被改动过。', root)
  else yield step('tree', 'holds', `批次是存证树 ${head.size} 叶中的第 ${proof.index + 1} 叶，算出的树根相符。`, root)
  if (!headVerifier()(head)) yield step('signature', 'fails', '签名不成立：树的大小、树根、时间、公钥或签名被改动过。')
  else yield step('signature', 'holds', `SM2 签名成立，签署于 ${inShanghai(head.at)}。`)
  yield keyStep(fingerprint, held.fingerprint)
  yield headStep(head, held.heads)
}

function keyStep(fingerprint: string, told: string | undefined): Step {
  if (told === undefined) return step('key', 'unchecked', '凭证自带的公钥不能证明是谁的，请与另处保存的公钥指纹（SM3）比对。', fingerprint)
  if (told.trim().toLowerCase() === fingerprint) return step('key', 'holds', '与所给的公钥指纹相符。', fingerprint)
  return step('key', 'fails', '签名公钥与所给指纹不符：不是所持指纹的平台签署的。', fingerprint)
}

function headStep(head: SignedHead, heads: readonly SignedHead[] | undefined): Step {
  const same = heads?.find(({ size }) => size === head.size)
  if (!same)
    return step('head', 'unchecked', heads?.length ? '所给的签名头中没有同一大小的，未能比对。' : '未与外部保存的签名头比对。', head.root)
  if (same.root === head.root) return step('head', 'holds', '与外部保存的同一大小的签名头相符。', head.root)
  return step('head', 'fails', '与外部保存的同一大小的签名头不符：平台给出过两个不同的存证树。', head.root)
}

function sumUp({ entry, leaf, head }: Receipt, steps: readonly Step[]): string {
  const what = entry ? '所载记录' : `所载批次（${leaf.kind} ${leaf.subject}）`
  const open = steps.filter(({ outcome }) => outcome === 'unchecked').map(({ title }) => title)
  const rest = open.length > 0 ? `尚未比对：${open.join('、')}。` : ''
  return `凭证成立：${what}在 ${inShanghai(head.at)}已写入存证树，内容与写入时一致。${rest}`
}

function rootOfProof(tree: TreeHash, text: string, { index, size, path }: Proof): Uint8Array | null {
  return rootFromPath(tree, tree.leaf(utf8(text)), { index, size, path: path.map(fromBase64) }) ?? null
}

function step(name: StepName, outcome: Step['outcome'], says: string, computed: string | null = null): Step {
  return { name, title: titles[name], outcome, says, computed }
}

function inShanghai(at: string): string {
  return `${new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })}（北京时间）`
}
