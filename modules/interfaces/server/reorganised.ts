import type { MovedThing, ReorganisedPort } from '@tongchou/kernel'
import { interfacesOf, updateInterface } from './interface.store.ts'
import type { InterfacesPorts } from './ports.ts'
import { interfaceKind } from './register.service.ts'

/** An interface goes with its resource to whoever takes over (组织调整). The machine stays what it was; who answers for it changes. */
export function interfacesReorganised({ catalog }: Pick<InterfacesPorts, 'catalog'>): ReorganisedPort {
  return {
    async onReorganised(ctx, reorganisation) {
      const moved: MovedThing[] = []
      for (const { resource, number, title, org_id } of await interfacesOf(ctx, reorganisation.from)) {
        const thing = { kind: interfaceKind, id: resource }
        // The catalog has handed its entries over before.
        const to = (await catalog.registered(ctx, resource))?.orgId ?? reorganisation.successorOf(org_id, thing)
        if (to === org_id) continue
        await updateInterface(ctx, resource, { org_id: to })
        moved.push({ ...thing, title: `接口${number}：${title}`, role: '提供单位', from: org_id, to })
      }
      return { moved, stays: [] }
    },
  }
}
