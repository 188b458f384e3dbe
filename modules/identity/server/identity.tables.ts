import type { CivilDateColumn, Ctx, Instant, KernelTables } from '@tongchou/kernel'
import { tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely } from 'kysely'
import type { OrganisationKind } from './organisation.schema.ts'
import type { Preferences } from './preference.schema.ts'
import type { NewReorganisation, ReorganisationKind } from './reorganisation.schema.ts'

type CivilDateOrNull = ColumnType<string | null, string | null | undefined, string | null>

/** 机构: that it exists and until when. What it is called and where it belongs stands in its versions. */
export interface OrganisationRegisterTable {
  id: string
  uscc: string | null
  sort_order: number
  valid_from: CivilDateColumn
  valid_to: CivilDateOrNull
  version: Generated<number>
  updated_at: Instant
}

/** What an organisation is called, what it is and where it belongs, from a day until a day (half open). */
export interface OrganisationVersionTable {
  organisation_id: string
  seq: Generated<number>
  name: string
  short_name: string
  kind: OrganisationKind
  parent_id: string | null
  division_code: string | null
  valid_from: CivilDateColumn
  valid_to: CivilDateOrNull
  reorganisation_id: string | null
}

/** An organisation as it is on a day: a row of `identity.organisation_as_of`. `valid_to` is the first day on which it no longer exists. */
export interface OrganisationTable extends OrganisationRegisterTable {
  name: string
  short_name: string
  kind: OrganisationKind
  parent_id: string | null
  division_code: string | null
}

/** 上级岗位 of an office. */
export interface SuperiorTable {
  organisation_id: string
  post_id: string
  set_by: string
  set_at: Instant
}

/** 人员. */
export interface PersonTable {
  id: string
  name: string
  created_at: Instant
}

/** 岗位: a person in an organisation, with a title. */
export interface PostTable {
  id: string
  person_id: string
  organisation_id: string
  title: string
  valid_from: CivilDateColumn
  valid_to: CivilDateOrNull
  version: Generated<number>
  updated_at: Instant
}

/** 职责 of a post, from a day until a day (half open), everywhere or in an area. */
export interface PostDutyTable {
  post_id: string
  id: Generated<number>
  duty: string
  area: string | null
  valid_from: CivilDateColumn
  valid_to: CivilDateOrNull
}

/** 委托代理: a post lent for a period to the person of another. */
export interface DelegationTable {
  id: string
  post_id: string
  to_post_id: string
  duties: string[] | null
  reason: string
  valid_from: CivilDateColumn
  valid_to: CivilDateColumn
  created_at: Instant
  ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  ended_by: string | null
}

/** 账号. */
export interface AccountTable {
  id: string
  person_id: string
  username: string
  password_hash: string
  password_changed_at: Instant
  must_change: boolean
  published_password: boolean
  status: ColumnType<AccountStatus, AccountStatus | undefined, AccountStatus>
  current_post_id: string | null
  created_at: Instant
}

export type AccountStatus = 'active' | 'disabled'

export interface SignInFailureTable {
  username_digest: string
  failed_count: number
  last_failed_at: Instant
}

/** 关系类别: what the subject is, which duty comes with it, who grants it for the whole subject and who within the own organisation. */
export interface RelationKindTable {
  id: string
  title: string
  subject_kind: string
  duty: string
  granted_everywhere_by: string[]
  granted_within_by: string[]
  /** Whoever grants it has seen an identity document (身份核验). */
  is_verified: boolean
  /** A subject has one holder at a time, who is told by it: the same subject is the same person. */
  has_one_holder: boolean
}

/** 关系: a person outside the offices and a subject. */
export interface RelationTable {
  id: string
  person_id: string
  kind: string
  subject_kind: string
  subject_id: string
  subject_name: string
  within_org_id: string | null
  valid_from: CivilDateColumn
  valid_to: CivilDateOrNull
  granted_by: string
  granted_at: Instant
  ended_by: ColumnType<string | null, string | null | undefined, string | null>
  ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  end_reason: ColumnType<string | null, string | null | undefined, string | null>
  verified_document: string | null
  verified_by: string | null
  verified_at: ColumnType<Date | null, Date | null, Date | null>
}

/** 登录会话: at a post, or at a relation. */
export interface SessionTable {
  id: string
  token_hash: string
  account_id: string
  post_id: string | null
  relation_id: ColumnType<string | null, string | null | undefined, string | null>
  delegation_id: ColumnType<string | null, string | null | undefined, string | null>
  created_at: Instant
  last_seen_at: Instant
  address: string
  browser: string
  signed_in_by: SignedInBy
}

/** How a session began: with the password of this platform, or through the city's sign-on. */
export type SignedInBy = 'password' | 'oidc'

/** The last passwords, as hashes. */
export interface PasswordHistoryTable {
  account_id: string
  seq: Generated<number>
  password_hash: string
  replaced_at: Instant
}

/** 动态口令 of an account. */
export interface SecondFactorTable {
  account_id: string
  kind: 'totp'
  secret: string
  created_at: Instant
  confirmed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  last_step: ColumnType<number | null, number | null | undefined, number | null>
}

/** 恢复码, as digests; one that was used is gone. */
export interface RecoveryCodeTable {
  account_id: string
  code_hash: string
}

/** A right password that waits for the second factor; it opens nothing else. */
export interface PendingSignInTable {
  token_hash: string
  account_id: string
  signed_in_by: SignedInBy
  created_at: Instant
}

/** 访问令牌, for machines. */
export interface TokenTable {
  id: string
  token_hash: string
  account_id: string
  post_id: string
  name: string
  expires_on: CivilDateColumn
  access: ColumnType<'read' | 'write' | null, 'read' | 'write' | null | undefined, never>
  tags: ColumnType<string[] | null, string[] | null | undefined, never>
  created_at: Instant
  last_seen_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

/** 个人设置. */
export interface PreferenceTable {
  account_id: string
  content: JSONColumnType<Partial<Preferences>>
  updated_at: Instant
}

/** 组织调整, as it was ordered. */
export interface ReorganisationTable {
  id: string
  kind: ReorganisationKind
  document_number: string
  reason: string
  effective_on: CivilDateColumn
  state: 'coming' | 'done' | 'cancelled'
  plan: JSONColumnType<NewReorganisation, string, string>
  planned_by: string
  planned_at: Instant
  settled_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  cancelled_by: string | null
  cancelled_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface ReorganisationOrganisationTable {
  reorganisation_id: string
  organisation_id: string
  side: 'from' | 'to'
  name: string
}

/** What went where; never changed once written. */
export interface ReorganisationMoveTable {
  reorganisation_id: string
  seq: number
  kind: string
  thing_id: string
  title: string
  role: string
  from_id: string
  from_name: string
  to_id: string
  to_name: string
}

/** Which identity of the city's sign-on is which account. */
export interface OidcBindingTable {
  account_id: string
  issuer: string
  subject: string
  bound_at: Instant
}

/** A browser that was sent to the sign-on and has to come back. */
export interface OidcFlowTable {
  token_hash: string
  account_id: string | null
  state: string
  nonce: string
  code_verifier: string
  redirect_uri: string
  created_at: Instant
}

export interface IdentityTables {
  'identity.organisation': OrganisationRegisterTable
  'identity.organisation_version': OrganisationVersionTable
  'identity.superior': SuperiorTable
  'identity.reorganisation': ReorganisationTable
  'identity.reorganisation_organisation': ReorganisationOrganisationTable
  'identity.reorganisation_move': ReorganisationMoveTable
  'identity.person': PersonTable
  'identity.post': PostTable
  'identity.post_duty': PostDutyTable
  'identity.delegation': DelegationTable
  'identity.account': AccountTable
  'identity.sign_in_failure': SignInFailureTable
  'identity.relation_kind': RelationKindTable
  'identity.relation': RelationTable
  'identity.session': SessionTable
  'identity.token': TokenTable
  'identity.preference': PreferenceTable
  'identity.password_history': PasswordHistoryTable
  'identity.second_factor': SecondFactorTable
  'identity.recovery_code': RecoveryCodeTable
  'identity.pending_sign_in': PendingSignInTable
  'identity.oidc_binding': OidcBindingTable
  'identity.oidc_flow': OidcFlowTable
}

/** The handle with this module's tables and the kernel's. */
export type IdentityDb = Kysely<IdentityTables & KernelTables>

export function identityDb(ctx: Ctx): IdentityDb {
  return tablesOf<IdentityTables>(ctx)
}
