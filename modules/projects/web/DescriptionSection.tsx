// SPDX-License-Identifier: Apache-2.0
import { CivilDate, Facts, Section } from '@tongchou/ui'
import { Link } from 'react-router'
import type { Project } from './project-api.ts'
import {
  appStageWords,
  builderWords,
  deploymentWords,
  fundingWords,
  kindWords,
  reachWords,
  urgencyWords,
  useDeliverableWords,
} from './words.ts'

/** What it is (项目概况). */
export function DescriptionSection({ project }: { project: Project }) {
  const deliverable = useDeliverableWords()
  const app = project.deliverables.includes('public-app')
  return (
    <Section title="项目概况">
      <Facts
        items={[
          { label: '项目类型', value: kindWords[project.kind] },
          { label: '建设主体', value: builderWords[project.builder] },
          { label: '应用范围', value: reachWords[project.reach] },
          { label: '用户单位', value: <Link to={`/organisations/${project.userUnit.id}`}>{project.userUnit.name}</Link> },
          { label: '申报部署位置', value: deploymentWords[project.plannedDeployment] },
          { label: '资金来源', value: project.funding.map((one) => fundingWords[one]).join('、') },
          { label: '建设内容', value: project.deliverables.map(deliverable).join('、'), wide: true },
          ...(app
            ? [
                { label: '线上服务类APP', value: appStageWords[project.appStage] },
                {
                  label: '标准化接口',
                  value: project.standardInterface === null ? '未填写' : project.standardInterface ? '已预留或改造' : '未预留',
                },
              ]
            : []),
          {
            label: '政务信息系统',
            value: project.governmentSystem === null ? '按申报，未另行认定' : project.governmentSystem ? '认定属于' : '认定不属于',
          },
          ...(project.urgency === 'none'
            ? []
            : [{ label: '紧急项目', value: `${urgencyWords[project.urgency]}：${project.urgencyReason}`, wide: true }]),
          ...(project.superiorCoordinated ? [{ label: '上级统筹备案', value: <SuperiorFiling project={project} /> }] : []),
          { label: '内容和规模', value: prose(project.summary), wide: true },
          { label: '规划依据', value: prose(project.planBasis), wide: true },
          ...(project.reach === 'single-department' ? [{ label: '单独建设必要性', value: prose(project.necessity), wide: true }] : []),
        ]}
      />
    </Section>
  )
}

/** A longer text with its line breaks; an empty one stays empty, so that it is said to be. */
function prose(text: string) {
  return text.trim() === '' ? '' : <span className="tc-prose">{text}</span>
}

function SuperiorFiling({ project }: { project: Project }) {
  if (project.superiorReceivedAt !== null) {
    return (
      <>
        市大数据中心于 <CivilDate value={project.superiorReceivedAt} /> 接收
      </>
    )
  }
  if (project.superiorFiledAt === null) return <>国家、自治区统筹，尚未报送备案</>
  return (
    <>
      <CivilDate value={project.superiorFiledAt} /> 已报送，待市大数据中心接收
    </>
  )
}
