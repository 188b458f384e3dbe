import { useQuery } from '@tanstack/react-query'
import { apiList } from '@tongchou/api-client'

/** 机构, as lists show it. */
export interface Organisation {
  id: string
  name: string
  shortName: string
  kind: string
  parentId: string | null
  uscc: string | null
  divisionCode: string | null
  sortOrder: number
  validFrom: string
  validTo: string | null
  version: number
}

export interface Account {
  id: string
  username: string
  status: 'active' | 'disabled'
  mustChangePassword: boolean
}

/** 岗位 on the page of its organisation; the account is there for the system administrator only. */
export interface PostWithPerson {
  id: string
  title: string
  duties: string[]
  person: { id: string; name: string }
  version: number
  account: Account | null
}

/** 机构 with what belongs to it. */
export interface OrganisationDetails extends Organisation {
  parent: { id: string; name: string } | null
  children: { id: string; name: string; kind: string }[]
  formerNames: { name: string; untilOn: string }[]
  duties: string[]
  posts: PostWithPerson[]
  postCount: number
}

/** 人员 with account and posts. */
export interface Person {
  id: string
  name: string
  account: Account | null
  posts: { id: string; title: string; organisation: { id: string; name: string }; duties: string[] }[]
}

/** What a token may be used for; null for whatever its holder may. */
export type Scope = { access: 'read' | 'write'; tags: string[] } | null

/** 登录会话. */
export interface SessionLine {
  id: string
  account: { id: string; username: string }
  person: { id: string; name: string }
  post: { id: string; title: string; organisation: { id: string; name: string } }
  address: string
  browser: string
  signedInBy: 'password' | 'oidc'
  startedAt: string
  lastSeenAt: string
  current: boolean
}

/** 访问令牌. */
export interface Token {
  id: string
  name: string
  scope: Scope
  account: { id: string; username: string }
  person: { id: string; name: string }
  expiresOn: string
  expired: boolean
  post: { id: string; title: string; organisation: { id: string; name: string } }
  createdAt: string
  lastSeenAt: string | null
}

/** An account with the first password that was made for it. */
export interface InitialPassword {
  id: string
  username: string
  initialPassword: string
}

const kindNames: Readonly<Record<string, string>> = {
  government: '政府',
  'city-department': '市直部门',
  'big-data-center': '大数据中心',
  district: '区',
  'public-body': '事业单位',
  enterprise: '企业',
  other: '其他',
}

/** The Chinese name of a kind of organisation (机构类型). */
export function kindName(kind: string): string {
  return kindNames[kind] ?? kind
}

export const kindOptions = Object.entries(kindNames).map(([value, label]) => ({ value, label }))

/** All organisations, today or on another day: a tree needs every branch, so the pages are read to the end. */
export function useOrganisations(asOf = '') {
  return useQuery({
    queryKey: ['/api/v1/organisations', 'all', asOf],
    queryFn: async ({ signal }) => {
      const all: Organisation[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await apiList<Organisation>('/api/v1/organisations', { query: { limit: 200, cursor, asOf }, signal })
        all.push(...page.items)
        cursor = page.nextCursor
      }
      return all
    },
  })
}
