/** A statement of the owner's, with its parameters. */
type Query = (sql: string, parameters: unknown[]) => Promise<unknown>

/** What a run left behind, without libraries: nothing here reads what the records say. */
export interface GivenFinding {
  id: string
  /** `00000000-0000-4000-8000-0000000000…`: its own of each. */
  runId: string
  orgId: string
  kind?: 'group' | 'error'
  runState?: 'running' | 'done'
  /** One that no pack has: its cases are opened by nobody. */
  comparison: string
}

/** A run and one finding of it that nobody was given. */
export async function givenFinding(query: Query, given: GivenFinding): Promise<void> {
  const { id, runId, orgId, kind = 'group', runState = 'done', comparison } = given
  await query(
    `insert into comparison.run (id, comparison, title, pack_version, digest, org_id, purpose, basis, note, account_id, person_id, person_name, post_id,
       org_name, state, requested_at, total_tables, positions)
     values ($1, $2, '低保家庭经济状况核对', '1.0.0', 'd', $3, '核对', '办法', '季度核对', 'a', 'p', '中心审核员', 'post', '市大数据中心', $4, now(), 8, '[]')`,
    [runId, comparison, orgId, runState],
  )
  await query(
    `insert into comparison.finding (id, comparison, comparison_title, kind, rule, org_id, sender_org_id, resource, record_key, evidence, digest, state,
       first_run, last_run, found_at, updated_at)
     values ($1, $2, '低保家庭经济状况核对', $3, $4, $5, $5, 'r', $6, '{"people": null, "grounds": [], "other": null}', 'd', 'new', $7, $7, now(), now())`,
    [id, comparison, kind, kind === 'error' ? 'e1' : '', orgId, id, runId],
  )
}
