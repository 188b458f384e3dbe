import type { Scene } from './scene.ts'
import type { Sent } from './sender.ts'
import type { Speaker } from './speaker.ts'
import type { Stage } from './stage.ts'

/** Two of the lines that were set aside (隔离区) are dealt with by the stewards who answer for them: one is corrected, one discarded. */
export function quarantineScenes(end: number, of: (name: string) => Sent): Scene[] {
  return [
    { at: end - 5 + 0.5, isOpen: true, play: (stage) => correct(stage, of('death')) },
    { at: end - 2 + 0.5, isOpen: true, play: (stage) => discard(stage, of('vehicle')) },
  ]
}

async function correct(stage: Stage, { id, register }: Sent): Promise<void> {
  await stage.signedIn(`${register.orgId}-data`, async (steward) => {
    const line = await lastLine(steward, id)
    const purpose = { kind: 'quality', note: '核对死亡医学证明原件，更正签发日期。' }
    await steward.post(`/quarantine/${line}/looks`, { purpose })
    const right = String(register.value(register.row(10), 'issuedOn'))
    await steward.post(`/quarantine/${line}/corrections`, { values: { i5: right }, note: '签发日期录入有误，按证明原件更正。' })
  })
}

async function discard(stage: Stage, { id, register }: Sent): Promise<void> {
  await stage.signedIn(`${register.orgId}-data`, async (steward) => {
    await steward.post(`/quarantine/${await lastLine(steward, id)}/discards`, {
      reason: '号牌种类为旧系统测试代码，不是登记数据，不入库。',
    })
  })
}

async function lastLine(steward: Speaker, resource: string): Promise<string> {
  const { items } = await steward.get<{ items: { id: string }[] }>(`/quarantine?resourceId=${resource}&state=open&limit=1`)
  if (!items[0]) throw new Error('nothing waits in the quarantine')
  return items[0].id
}
