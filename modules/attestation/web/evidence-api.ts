import type { SignedHead } from '@tongchou/evidence'

/** A leaf of the evidence log, as `GET /api/v1/evidence/leaves` gives it. */
export interface EvidenceLeaf {
  position: number
  kindTitle: string
  subjectTitle: string
  digest: string
  at: string
  signed: boolean
}

/** How the log stands, as `GET /api/v1/evidence/status` gives it. */
export interface EvidenceStatus {
  leaves: number
  unsealed: number
  unplaced: number
  unsigned: number
  head: SignedHead | null
  keys: { fingerprint: string; publicKey: string; since: string; inUse: boolean }[]
  troubles: { about: 'tree' | 'signer' | 'outside' | 'forked'; since: string }[]
}

/** That a head which somebody holds is the beginning of the newest one. */
export interface Consistency {
  first: number
  head: SignedHead
  path: string[]
}

/** Duties that read the whole log. */
export const readers: readonly string[] = ['audit-admin', 'audit', 'security-admin']

/** What does not work, and what follows from it. */
export const troubleWords: Readonly<Record<EvidenceStatus['troubles'][number]['about'], string>> = {
  forked: '存证树与最近签署的签名头不一致，已停止签署。请立即校验日志，并与外部签名头比对。',
  tree: '批次未能写入存证树，办理不受影响，系统每十秒重试。',
  signer: '签名中断，办理不受影响，系统每十秒重试，恢复后自动补签。',
  outside: '签名头未能写入数据库之外的文件，签名照常，恢复后自动补写。请检查目录的权限和磁盘空间。',
}
