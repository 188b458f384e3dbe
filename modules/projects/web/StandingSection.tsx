// SPDX-License-Identifier: Apache-2.0
import { CivilDate, Section, Sideways, StateWord, TimeLeft } from '@tongchou/ui'
import { Link } from 'react-router'
import type { LifeStage } from './lifecycle.ts'
import type { Project } from './project-api.ts'
import { stageWords } from './words.ts'

/** Where it stands (办理进度): who has it, since when, who is late. */
export function StandingSection({ project, stages }: { project: Project; stages: readonly LifeStage[] }) {
  const held = stages.flatMap((stage) => stage.cases.filter((one) => one.status === 'running').map((one) => ({ stage, one })))
  const late = held.filter(({ one }) => one.holders.some((holder) => holder.overdue)).length
  return (
    <Section title="办理进度">
      <p>
        项目处于“{stageWords[project.stage].text}”阶段，{held.length === 0 ? '现在没有在办的事项。' : `在办 ${held.length} 件`}
        {held.length > 0 && (late > 0 ? `，其中逾期 ${late} 件。` : '，没有逾期。')}
      </p>
      {held.length > 0 && (
        <Sideways label="在办事项">
          <table className="tc-table" aria-label="在办事项">
            <thead>
              <tr>
                <th scope="col">办件</th>
                <th scope="col">环节</th>
                <th scope="col">办理单位</th>
                <th scope="col">收到</th>
                <th scope="col">时限</th>
              </tr>
            </thead>
            <tbody>
              {held.flatMap(({ one }) =>
                one.holders.map((holder) => (
                  <tr key={holder.taskId}>
                    <td>
                      <Link to={`/cases/${one.caseId}`}>{one.title}</Link>
                    </td>
                    <td>{holder.title}</td>
                    <td>{holder.orgName}</td>
                    <td>
                      <CivilDate value={holder.sinceAt} table />
                    </td>
                    <td>{holder.dueAt === null ? <StateWord text="未规定时限" /> : <TimeLeft dueOn={holder.dueAt} />}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </Sideways>
      )}
    </Section>
  )
}
