import type { Actor, Ctx, JobsPort, ListOperation, NoticesPort } from '@tongchou/kernel'

/** What this module needs of the others; the server wires it. */
export interface ExportsPorts {
  /** The lists that declare their columns, by operationId. */
  lists: ReadonlyMap<string, ListOperation>
  /** Who holds a post now, or outside the offices a relation, with the duties of now; nobody when the post was ended or the account disabled. */
  actorOfPost(ctx: Ctx, postId: string): Promise<Actor | undefined>
  /** The name of what a filter names by its id, as far as the actor may know it. */
  nameOf(ctx: Ctx, register: 'organisation' | 'project' | 'system', id: string): Promise<string | undefined>
  jobs: JobsPort
  notices: NoticesPort
}
