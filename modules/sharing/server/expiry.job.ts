import { addDays, type Ctx, type Jobs, type NoticesPort, todayInShanghai } from '@tongchou/kernel'
import { expiringGrants } from './grant.store.ts'
import { grantKind } from './settle.ts'
import { stewardDuties } from './sharing.permissions.ts'

interface ExpiryPorts {
  notices: NoticesPort
  /** How many days before its end a grant is warned of, as the pack has it; undefined where the pack has nothing. */
  expiryDays(): number | undefined
}

const kind = 'sharing.expiry'

/** Warns both sides of grants that will end soon (到期提醒), once for each end. */
export function sharingJobs(ports: ExpiryPorts): Jobs {
  return {
    kinds: [{ kind, queue: 'short', work: (ctx) => warn(ctx, ports) }],
    schedules: [{ key: kind, owner: 'sharing', kind, everySeconds: 6 * 3600, catchUp: 'once' }],
  }
}

async function warn(ctx: Ctx, { notices, expiryDays }: ExpiryPorts): Promise<void> {
  const days = expiryDays()
  if (days === undefined) return
  for (const grant of await expiringGrants(ctx, addDays(todayInShanghai(ctx.now()), days)))
    await notices.send(ctx, {
      kind: 'sharing.expiring',
      to: [grant.org_id, grant.provider_org_id].flatMap((orgId) => stewardDuties.map((duty) => ({ duty, orgId }))),
      subject: { kind: grantKind, id: grant.id },
      title: `授权即将到期：${grant.title}`,
      body: `授权${grant.number}于${grant.valid_until}到期，次日起不能查询和接收。需要继续使用的，由使用单位申请续期。`,
      href: `/sharing/grants/${grant.id}`,
      onceKey: `sharing.expiring.${grant.id}.${grant.valid_until}`,
    })
}
