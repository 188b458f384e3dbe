import { censusNames, entryFields, extensionNames, labelOf, sharingBasis } from '@tongchou/metadata'
import { ArticleChip, Facts, Moment, NamedLink, Section, useApi } from '@tongchou/ui'
import {
  classWords,
  cycleWords,
  dutyWords,
  formatWords,
  gradeWords,
  openingWords,
  openLevelWords,
  scenarioWords,
  sharingChannelWords,
  sharingFormWords,
  sharingWords,
  spatialScopeWords,
} from '../words.ts'
import type { Content, Resource } from './catalog-api.ts'

type Fact = Parameters<typeof Facts>[0]['items'][number]

/** What the resource is: the elements of the national guide. */
export function Described({ resource }: { resource: Resource }) {
  const { content, project, system } = resource
  return (
    <Section title="资源信息">
      <Facts
        items={[
          { label: '资源代码', value: <Code resource={resource} /> },
          { label: '提供方', value: content.internalUnit === null ? resource.org.name : `${resource.org.name}（${content.internalUnit}）` },
          { label: '提供方统一社会信用代码', value: content.providerCode },
          { label: '资源属性', value: content.class && classWords[content.class] },
          {
            label: '信息资源分类',
            value: content.classCode && `${content.classCode} ${resource.classPath ?? ''}`,
            wide: true,
          },
          {
            label: '所属项目',
            value: project && <NamedLink to={`/projects/${project.id}`} name={project.name} hidden="当前岗位不能查看的项目" />,
          },
          ...(content.declaredResourceId === null ? [] : [{ label: '对应申报', value: <DeclaredName content={content} /> }]),
          {
            label: '所属系统',
            value: system && <NamedLink to={`/systems/${system.id}`} name={system.name} hidden="当前岗位不能查看的系统" />,
          },
          { label: '资源摘要', value: content.abstract, wide: true },
          { label: '资源格式', value: formatOf(content) },
          { label: '更新周期', value: content.updateCycle && cycleWords[content.updateCycle] },
          ...(content.relatedCodes.length > 0 ? [{ label: '关联资源代码', value: content.relatedCodes.join('、'), wide: true }] : []),
          { label: '登记时间', value: resource.registeredAt ? <Moment at={resource.registeredAt} /> : '尚未登记' },
          ...(resource.changedAt ? [{ label: '最近变更', value: <Moment at={resource.changedAt} /> }] : []),
        ]}
      />
    </Section>
  )
}

/** The code in use with the former ones; before registration what it would be. */
function Code({ resource: { code, codePreview, formerCodes } }: { resource: Resource }) {
  if (code === null) return <span className="tc-muted">{codePreview === null ? '登记时生成' : `登记时生成，预计为${codePreview}`}</span>
  return (
    <>
      {code}
      {formerCodes.length > 0 && <span className="tc-muted">（曾用{formerCodes.join('、')}）</span>}
    </>
  )
}

function formatOf({ format, formatType, formatNote }: Content): string {
  const parts = [format && formatWords[format], formatType && labelOf('formatType', formatType), formatNote]
  return parts.filter((part) => part !== null && part !== '').join('，')
}

/** The data resource that the project declared and this entry answers for (验收时逐项查核). */
function DeclaredName({ content }: { content: Content }) {
  const project = useApi<{ dataResources: { id: string; name: string }[] }>(content.projectId && `/api/v1/projects/${content.projectId}`)
  const declared = project.data?.dataResources.find((one) => one.id === content.declaredResourceId)
  return declared?.name ?? '项目申报的数据资源'
}

/** 第十五条: how it is shared, opened, graded and protected. */
export function Shared({ resource }: { resource: Resource }) {
  const { content } = resource
  const way = [
    content.sharingChannel && sharingChannelWords[content.sharingChannel],
    content.sharingForm && sharingFormWords[content.sharingForm],
  ]
  return (
    <Section title="共享、开放和安全" extra={<ArticleChip article="WH23-15" />}>
      <Facts
        items={[
          {
            label: '共享类型',
            value: content.sharing && `${sharingWords[content.sharing]}${resource.partlyUnshared ? '，部分信息项不予共享' : ''}`,
          },
          ...(content.sharing === 'none'
            ? [{ label: '不予共享依据', value: basisOf(content), wide: true }]
            : [{ label: '共享方式', value: way.filter(Boolean).join('，') }]),
          ...(content.sharing === 'conditional' ? [{ label: '共享条件', value: content.sharingCondition, wide: true }] : []),
          { label: '开放类型', value: content.opening && openingWords[content.opening] },
          ...(content.opening === 'conditional'
            ? [
                { label: '开放方式', value: content.openLevel && openLevelWords[content.openLevel] },
                { label: '开放条件', value: content.openingCondition, wide: true },
              ]
            : []),
          { label: '数据分级', value: content.grade && gradeWords[content.grade] },
          ...content.grading.map(
            (impact): Fact => ({
              label: `${labelOf('gradingObject', impact.object)}：${labelOf('gradingDegree', impact.degree)}`,
              value: impact.reason,
              wide: true,
            }),
          ),
          { label: '含个人信息', value: content.containsPersonal ? '是' : '否' },
          { label: '含敏感数据', value: content.containsSensitive ? '是' : '否' },
          ...(content.containsSensitive ? [{ label: '脱敏规则', value: content.maskingRule, wide: true }] : []),
        ]}
      />
    </Section>
  )
}

/** A law of the library with its clause. */
export function basisOf({ basisLaw, basisClause }: { basisLaw: string | null; basisClause: string | null }): string {
  return `${sharingBasis(basisLaw)?.title ?? basisLaw ?? ''}${basisClause ?? ''}`
}

/** 扩展信息 and 大普查六项, as far as they were filled in. */
export function Extended({ content }: { content: Content }) {
  const titles = new Map(entryFields.map(({ id, title }) => [id, title]))
  const filled = [
    ...(content.spatialScope === null ? [] : [{ label: '空间范围', value: spatialScopeWords[content.spatialScope] }]),
    ...(content.scenario === null ? [] : [{ label: '应用场景', value: scenarioWords[content.scenario] }]),
    ...extensionNames.flatMap((name) => fact(titles.get(`ext/${name}`), content.ext[name])),
    ...censusNames.flatMap((name) => fact(titles.get(`census/${name}`), content.census[name])),
  ]
  if (filled.length === 0) return null
  return (
    <Section title="扩展信息">
      <Facts items={filled} />
    </Section>
  )
}

function fact(label: string | undefined, value: string | null): Fact[] {
  return label === undefined || value === null || value === '' ? [] : [{ label, value }]
}

/** 第十四条: who handles, uses, manages, archives and answers for it. */
export function Duties({ resource }: { resource: Resource }) {
  const { duties } = resource.content
  return (
    <Section title="五项责任" extra={<ArticleChip article="WH23-14" />}>
      <Facts
        items={(Object.keys(dutyWords) as (keyof typeof dutyWords)[]).map((name) => {
          const bearer = duties[name]
          const unit = bearer && (resource.dutyOrgs[bearer.orgId] ?? bearer.orgId)
          return { label: `谁${dutyWords[name]}`, value: bearer && `${unit}${bearer.post === null ? '' : ` ${bearer.post}`}` }
        })}
      />
    </Section>
  )
}
