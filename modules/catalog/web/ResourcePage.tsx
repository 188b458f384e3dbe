import { ApiProblem, apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  ArticleChip,
  CaseStanding,
  Empty,
  Facts,
  Figures,
  Moment,
  NamedLink,
  Page,
  QueryView,
  Section,
  Sideways,
  StateWord,
  TrailSection,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useParams } from 'react-router'
import {
  classWords,
  cycleWords,
  dutyWords,
  formatWords,
  gradeWords,
  maskingWords,
  openingWords,
  sensitivityWords,
  sharingWords,
  stateWords,
  typeWords,
} from '../words.ts'
import { actionName, type Content, type Resource, type ResourceVersion, type SharingBasis, stateTones } from './catalog-api.ts'

/** The page of one entry: where it stands, what is missing, what it is, who did what. */
export function ResourcePage() {
  const { id = '' } = useParams()
  const query = useApi<Resource>(`/api/v1/catalog/resources/${id}`)
  return (
    <QueryView query={query} what="资源目录" page>
      {(resource) => (
        <Page
          title={resource.content.name}
          state={{ text: stateWords[resource.state], tone: stateTones[resource.state] }}
          lead={`${resource.org.name} · 编号${resource.number}`}
          breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: resource.content.name }]}
          actions={resource.mayDo.includes('change') ? <ActLink to={`/catalog/${id}/edit`}>修改目录</ActLink> : undefined}
        >
          <Figures
            items={[
              { label: '共享类型', value: word(sharingWords, resource.content.sharing) || '未填写' },
              { label: '信息项', value: `${resource.content.items.length} 项` },
              { label: '更新周期', value: word(cycleWords, resource.content.updateCycle) || '未填写' },
            ]}
          />
          <Standing resource={resource} />
          <Described resource={resource} />
          <Duties resource={resource} />
          <Items content={resource.content} />
          {resource.showsWorkings && <Versions id={id} />}
          {resource.showsWorkings && <TrailSection path={`/api/v1/catalog/resources/${id}/trail`} actionName={actionName} />}
        </Page>
      )}
    </QueryView>
  )
}

/** Where the entry stands, and how it goes on. */
function Standing({ resource }: { resource: Resource }) {
  const submit = useAct((version: number, key) =>
    apiPost(`/api/v1/catalog/resources/${resource.id}/submission`, { version }, { idempotencyKey: key }),
  )
  const incomplete = submit.error instanceof ApiProblem && submit.error.code === 'catalog.incomplete' && resource.gaps.length > 0
  const running = resource.cases.find((one) => one.status === 'running')
  if (resource.cases.length === 0 && resource.state === 'registered') return null
  return (
    <Section title="办理情况">
      {resource.returnedReason && (
        <p>
          <StateWord text="退回修改" tone="soon" /> {resource.returnedReason}
        </p>
      )}
      <CaseStanding cases={resource.cases} />
      {running && resource.state === 'returned' && <p className="tc-muted">修改保存后，由数据专员在该办件中重新提交。</p>}
      <Gaps resource={resource} />
      {resource.mayDo.includes('submit') && (
        <>
          {incomplete ? (
            <p className="tc-field-error" role="alert">
              提交审核未成：请先修改目录，补正上列{resource.gaps.length}处。
            </p>
          ) : (
            <ActError error={submit.error} act="提交审核" />
          )}
          <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(resource.version)}>
            提交审核
          </Button>
        </>
      )}
      {!running && resource.state !== 'registered' && !resource.mayDo.includes('submit') && (
        <p className="tc-muted">由所属单位的数据专员提交审核。</p>
      )}
    </Section>
  )
}

function Gaps({ resource }: { resource: Resource }) {
  if (resource.gaps.length === 0) return null
  return (
    <>
      <p>
        提交审核前还须补正{resource.gaps.length}处：
        <ArticleChip article="WH23-15" />
      </p>
      <ul aria-label="须补正内容">
        {resource.gaps.map((gap) => (
          <li key={`${gap.path} ${gap.message}`}>{gap.message}</li>
        ))}
      </ul>
      {resource.mayDo.includes('change') && (
        <p>
          <ActLink to={`/catalog/${resource.id}/edit`}>修改目录</ActLink>
        </p>
      )}
    </>
  )
}

function Described({ resource }: { resource: Resource }) {
  const { content, project, system } = resource
  const bases = useApi<ListPage<SharingBasis>>(content.basisLaw === null ? null : '/api/v1/catalog/sharing-bases', { limit: 200 })
  const basis = bases.data?.items.find((one) => one.id === content.basisLaw)?.title ?? content.basisLaw
  return (
    <Section title="资源信息">
      <Facts
        items={[
          { label: '提供方', value: resource.org.name },
          { label: '提供方统一社会信用代码', value: content.providerCode },
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
          { label: '资源属性', value: word(classWords, content.class) },
          { label: '资源格式', value: word(formatWords, content.format) },
          { label: '数据分级', value: word(gradeWords, content.grade) },
          { label: '共享类型', value: word(sharingWords, content.sharing) },
          ...(content.sharing === 'conditional' ? [{ label: '共享条件', value: content.sharingCondition, wide: true }] : []),
          ...(content.sharing === 'none'
            ? [{ label: '不予共享依据', value: `${basis ?? ''}${content.basisClause ?? ''}`, wide: true }]
            : []),
          { label: '开放类型', value: word(openingWords, content.opening) },
          ...(content.opening === 'conditional' ? [{ label: '开放条件', value: content.openingCondition, wide: true }] : []),
          { label: '含个人信息', value: content.containsPersonal ? '是' : '否' },
          { label: '含敏感数据', value: content.containsSensitive ? '是' : '否' },
          ...(content.containsSensitive ? [{ label: '脱敏规则', value: content.maskingRule, wide: true }] : []),
          { label: '登记时间', value: resource.registeredAt ? <Moment at={resource.registeredAt} /> : '尚未登记' },
        ]}
      />
    </Section>
  )
}

/** The data resource that the project declared and this entry answers for (验收时逐项查核). */
function DeclaredName({ content }: { content: Content }) {
  const project = useApi<{ dataResources: { id: string; name: string }[] }>(content.projectId && `/api/v1/projects/${content.projectId}`)
  const declared = project.data?.dataResources.find((one) => one.id === content.declaredResourceId)
  return declared?.name ?? '项目申报的数据资源'
}

/** 第十四条: who handles, uses, manages, archives and answers for it. */
function Duties({ resource }: { resource: Resource }) {
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

function Items({ content }: { content: Content }) {
  return (
    <Section title="信息项">
      {content.items.length === 0 ? (
        <Empty what="尚无信息项" hint="至少填写一个信息项，并标明主键。" />
      ) : (
        <Sideways label="信息项">
          <table className="tc-table" aria-label="信息项">
            <thead>
              <tr>
                {['名称', '代码', '数据类型', '长度', '主键', '敏感程度', '脱敏方式', '共享类型'].map((title) => (
                  <th key={title} scope="col" className={title === '长度' ? 'tc-right' : undefined}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {content.items.map((item) => (
                <tr key={item.code}>
                  <td>{item.name}</td>
                  <td>{item.code}</td>
                  <td>{typeWords[item.type]}</td>
                  <td className="tc-right">{item.length}</td>
                  <td>{item.isKey ? '是' : ''}</td>
                  <td>{sensitivityWords[item.sensitivity]}</td>
                  <td>{word(maskingWords, item.masking)}</td>
                  <td>{item.sharing === null ? '同资源' : sharingWords[item.sharing]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </Section>
  )
}

/** 提交版本: each as it was handed in. */
function Versions({ id }: { id: string }) {
  const query = useApi<{ items: ResourceVersion[] }>(`/api/v1/catalog/resources/${id}/versions`, { limit: 200 })
  return (
    <Section title="提交版本">
      <QueryView
        query={query}
        what="提交版本"
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty what="尚未提交" hint="每次提交审核的内容原样保存在这里。" />}
      >
        {(page) => (
          <ol className="tc-trail" aria-label="提交版本">
            {page.items.map((one) => (
              <li key={one.version}>
                <Moment at={one.submittedAt} />
                <div>
                  {one.submittedBy}提交第{one.version}版：{one.content.items.length}个信息项，{word(sharingWords, one.content.sharing)}，
                  {word(openingWords, one.content.opening)}
                </div>
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Section>
  )
}

function word(words: Readonly<Record<string, string>>, value: string | null): string {
  return value === null ? '' : (words[value] ?? value)
}
