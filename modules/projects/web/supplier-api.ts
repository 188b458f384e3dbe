// SPDX-License-Identifier: Apache-2.0
import type { OrgRef, Stage } from './project-api.ts'

/** An enterprise (企业) of the register. */
export interface Enterprise {
  id: string
  name: string
  uscc: string | null
  registeredBy: string
  registeredAt: string
}

/** Its page, as far as the reader may see it. */
export interface EnterprisePageData extends Enterprise {
  contracts: {
    id: string
    number: string
    supplier: string
    amountFen: number
    signedOn: string
    project: { id: string; name: string; stage: Stage }
  }[]
  mayIdentify: boolean
  mayGrant: boolean
  grantObstacle: string | null
}

/** A person who acts for an enterprise (经办关系), as the page of the enterprise shows it. */
export interface Agent {
  id: string
  kind: { id: string; title: string }
  person: { id: string; name: string; username: string | null }
  within: OrgRef | null
  validFrom: string
  validTo: string | null
  state: 'standing' | 'coming' | 'ended'
  grantedBy: string
  endedBy: string | null
  endReason: string | null
  mayEnd: boolean
}

/** A contract of one's own enterprise. */
export interface SupplierContractLine {
  id: string
  number: string
  project: { name: string; stage: Stage }
  builder: OrgRef
  amountFen: number
  paidFen: number
  signedOn: string
  returnedCount: number
}

/** What an agent handed in, and what the building unit said to it. */
export interface SupplierReport {
  id: string
  contract: { id: string; number: string; supplier: string }
  project: { id: string; name: string }
  about: string
  text: string
  state: 'submitted' | 'accepted' | 'returned'
  submittedBy: string
  submittedAt: string
  decidedBy: string | null
  decidedAt: string | null
  reason: string | null
  files: { id: string; fileName: string; byteCount: number }[]
  mayDecide: boolean
}

/** A contract for the enterprise's agent. */
export interface SupplierContract {
  id: string
  number: string
  supplier: string
  project: { name: string; stage: Stage }
  builder: OrgRef
  amountFen: number
  signedOn: string
  held: boolean
  terms: {
    lineNo: number
    title: string
    amountFen: number
    state: 'open' | 'requested' | 'released' | 'refused'
    releasedAt: string | null
  }[]
  milestones: { id: string; title: string; dueOn: string; doneOn: string | null }[]
  reports: SupplierReport[]
  obstacle: string | null
}
