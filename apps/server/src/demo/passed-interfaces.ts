import { sql } from 'kysely'
import { demoCity } from './city.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** An entry that is shared by interface, whose department has an interface of its own registered (接口转接). */
export interface Passed {
  name: string
  orgId: string
  /** The machine that answers. Names under `.example` are nobody's (RFC 2606), so nothing is ever asked of anybody. */
  host: string
  /** Where the city's own name server had it in the story: a network that belongs to nobody either (RFC 5737). */
  ip: string
}

/** 公积金中心 answers by an interface; 民政局 is granted it for 社会救助 (`shared-data.ts`). */
export const housingFund: Passed = { name: '公积金缴存信息', orgId: 'housing-fund', host: 'jk.gjj.example', ip: '192.0.2.17' }
/** 市场监管局 has registered its own, which waits for the center. */
const equipment: Passed = { name: '特种设备信息', orgId: 'market-regulation', host: 'jk.scjg.example', ip: '192.0.2.33' }

const REGISTERED = 16
/** Days before the present on which the grantee asks and gets no answer. */
const ASKED = [5, 2]

/** Two interfaces: one is listed, approved, granted and asked, one has just been registered. */
export function passedInterfaces({ end }: Timeline): Scene[] {
  const at = (before: number, play: Scene['play']): Scene => ({ at: end - before, isOpen: true, play })
  return [
    at(REGISTERED - 0.2, (stage) => register(stage, housingFund)),
    at(REGISTERED - 0.5, (stage) => permit(stage, housingFund)),
    at(REGISTERED - 1.3, (stage) => approve(stage, housingFund)),
    ...ASKED.map((before) => at(before - 0.4, query)),
    at(1.4, (stage) => register(stage, equipment)),
    at(0.6, (stage) => permit(stage, equipment)),
  ]
}

/** The entry; undefined where the part of the city that is performed has none. */
async function entryOf(stage: Stage, { name, orgId }: Passed): Promise<string | undefined> {
  const { rows } = await sql<{
    id: string
  }>`select id from catalog.resource where state = 'registered' and name = ${name} and org_id = ${orgId}`.execute(stage.system().db)
  return rows[0]?.id
}

async function register(stage: Stage, passed: Passed): Promise<void> {
  const id = await entryOf(stage, passed)
  if (id === undefined) return
  const { rows: items } = await sql<{ item_id: string; code: string; name: string; is_key: boolean }>`
    select item_id, code, name, is_key from catalog.item where resource_id = ${id} order by position`.execute(stage.system().db)
  const asked = items.filter(({ name, is_key }) => is_key || name === '身份证号')
  const registration = {
    version: 0,
    address: `https://${passed.host}/api/share/v1/query`,
    method: 'POST',
    parameters: asked.map(({ item_id, code }) => ({ item: item_id, op: 'is', name: code, required: true })),
    ...{ records: 'data.list', fields: items.map(({ item_id, code }) => ({ item: item_id, path: code })) },
    ...{ timeoutSeconds: 10, certificate: null },
  }
  await stage.signedIn(`${passed.orgId}-data`, (steward) =>
    steward.put(`/interfaces/${id}`, JSON.stringify(registration), { 'content-type': 'application/json' }),
  )
}

async function permit(stage: Stage, passed: Passed): Promise<void> {
  if ((await entryOf(stage, passed)) === undefined) return
  await stage.signedIn('security-admin', (security) =>
    security.post('/interface-addresses', {
      ...{ address: `${passed.host}:443`, network: `${passed.ip}/32` },
      reason: `${stage.orgName(passed.orgId)}“${passed.name}”接口，经政务外网核对。`,
    }),
  )
}

async function approve(stage: Stage, passed: Passed): Promise<void> {
  const id = await entryOf(stage, passed)
  if (id === undefined) return
  await stage.whileNamed(passed.host, passed.ip, () =>
    stage.signedIn('bdc-engineer', async (center) => {
      const { version } = await center.get<{ version: number }>(`/interfaces/${id}`)
      await center.post(`/interfaces/${id}/decision`, { version, outcome: 'approve', reason: null })
    }),
  )
}

/** The grantee asks, and the department does not answer: there is no such machine, and no records are made up for it. */
async function query(stage: Stage): Promise<void> {
  const id = await entryOf(stage, housingFund)
  if (id === undefined) return
  const { rows } = await sql<{ grant: string; item: string }>`
    select g.id as "grant", i.item_id as item from sharing."grant" g
    join catalog.item i on i.resource_id::text = g.resource::text and i.name = '身份证号' where g.resource::text = ${id}`.execute(
    stage.system().db,
  )
  const [found] = rows
  if (!found) return
  const filter = [{ item: found.item, op: 'is', value: demoCity().citizens[0]?.identifier ?? '' }]
  const code = await stage.signedIn('civil-affairs-user', (person) =>
    person.unanswered(`/libraries/${id}/queries`, {
      ...{ grant: found.grant, filter, limit: 10 },
      purpose: { kind: 'verification', note: '社会救助申请，核对家庭收入' },
    }),
  )
  if (code !== 'interfaces.name') throw new Error(`${housingFund.host} was asked and answered ${code}`)
}
