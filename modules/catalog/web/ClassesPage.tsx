import { apiPost, apiPut } from '@tongchou/api-client'
import {
  ActForm,
  choicesOf,
  Empty,
  Forbidden,
  field,
  holdsDuty,
  OUTSIDE_DUTIES,
  Page,
  QueryView,
  Section,
  Sideways,
  StateWord,
  useAllPages,
  useSession,
} from '@tongchou/ui'
import { Button, Input } from 'antd'
import { useId, useState } from 'react'
import { type ClassLine, classKeepers, readers } from './catalog-api.ts'
import './catalog.css'

/** 信息资源分类: 类、项、目、细目, as the city keeps them; the center adds, renames and takes out of use. */
export function ClassesPage() {
  const session = useSession()
  const query = useAllPages<ClassLine>('/api/v1/catalog/classes')
  const keeps = holdsDuty(session, classKeepers)
  const crumbs = [{ label: '资源目录', href: '/catalog' }, { label: '信息资源分类' }]
  if (holdsDuty(session, OUTSIDE_DUTIES))
    return (
      <Page title="信息资源分类" breadcrumb={crumbs}>
        <Forbidden duty={readers} act="查看信息资源分类" />
      </Page>
    )
  return (
    <Page
      title="信息资源分类"
      lead="资源代码以分类代码开头，分类代码不得改作他用。类、项随系统提供，位数凭记忆录入、未核对原文；目、细目由市大数据中心增设。"
      breadcrumb={crumbs}
    >
      <QueryView
        query={query}
        what="信息资源分类"
        isEmpty={(all) => all.length === 0}
        empty={<Empty what="尚无分类" hint="由市大数据中心增设。" />}
      >
        {(all) => <Tree all={all} keeps={keeps} />}
      </QueryView>
    </Page>
  )
}

/** What is being done to which class: one at a time. */
type Doing = { act: 'add' | 'change'; code: string } | null

function Tree({ all, keeps }: { all: readonly ClassLine[]; keeps: boolean }) {
  const [typed, setTyped] = useState('')
  const [doing, setDoing] = useState<Doing>(null)
  const search = useId()
  const shown = all.filter(({ code, title }) => typed === '' || code.startsWith(typed) || title.includes(typed))
  const chosen = all.find(({ code }) => code === doing?.code)
  const done = () => setDoing(null)
  return (
    <>
      <div className="tc-copy-items">
        <label htmlFor={search}>按代码或名称查找</label>
        <Input id={search} value={typed} allowClear style={{ width: 240 }} onChange={(event) => setTyped(event.target.value)} />
        <span className="tc-muted" role="status">
          共{shown.length}个分类
        </span>
      </div>
      {chosen && doing?.act === 'add' && <AddClass key={chosen.code} above={chosen} all={all} onDone={done} />}
      {chosen && doing?.act === 'change' && <ChangeClass key={chosen.code} node={chosen} onDone={done} />}
      <Sideways label="信息资源分类">
        <table className="tc-table" aria-label="信息资源分类">
          <thead>
            <tr>
              <th scope="col">代码</th>
              <th scope="col">名称</th>
              <th scope="col">级别</th>
              <th scope="col">状态</th>
              <th scope="col">来源</th>
              {keeps && (
                <th scope="col">
                  <span className="tc-hidden">办理</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((node) => (
              <tr key={node.code}>
                <td className="tc-num">{node.code}</td>
                <td className={`tc-class-level-${levels.indexOf(node.level)}`}>{node.title}</td>
                <td>{node.level}</td>
                <td>{node.active ? '在用' : <StateWord text="停用" tone="plain" />}</td>
                <td>{node.verified ? '本市设定' : <span className="tc-muted">随系统提供，未核对原文</span>}</td>
                {keeps && (
                  <td className="tc-row-acts">
                    <Button size="small" onClick={() => setDoing({ act: 'add', code: node.code })} aria-label={`增设下级：${node.title}`}>
                      增设下级
                    </Button>
                    <Button size="small" onClick={() => setDoing({ act: 'change', code: node.code })} aria-label={`修改“${node.title}”`}>
                      修改
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </>
  )
}

const levels: readonly string[] = ['类', '项', '目', '细目']

/** Digits of the next level: 项 two, 目 three, 细目 any. */
function AddClass({ above, all, onDone }: { above: ClassLine; all: readonly ClassLine[]; onDone: () => void }) {
  const digits = { 类: 2, 项: 3 }[above.level] ?? 0
  const taken = all.filter(
    ({ code }) => code !== above.code && code.startsWith(above.code) && code.length - above.code.length <= (digits || 2),
  )
  const next = Math.max(0, ...taken.map(({ code }) => Number(code.slice(above.code.length)))) + 1
  const proposed = String(next).padStart(digits || 2, '0')
  return (
    <Section title={`在“${above.title}”下增设`}>
      <ActForm
        act="增设分类"
        fields={[
          field('digits', `代码（接在${above.code}之后）`, {
            type: 'text',
            maxLength: 20,
            half: true,
            help: digits === 0 ? '细目位数不限，按需编排。' : `${digits}位数字。`,
          }),
          field('title', '名称', { type: 'text', maxLength: 60, half: true }),
        ]}
        initial={{ digits: proposed }}
        fieldAt={(path) => (path === 'code' ? 'digits' : path)}
        send={(data, idempotencyKey) =>
          apiPost('/api/v1/catalog/classes', { code: `${above.code}${String(data.digits).trim()}`, title: data.title }, { idempotencyKey })
        }
        onDone={onDone}
      >
        <p className="tc-muted">代码一经增设不得更改，也不再给其他分类。</p>
      </ActForm>
      <Button size="small" onClick={onDone}>
        收起
      </Button>
    </Section>
  )
}

function ChangeClass({ node, onDone }: { node: ClassLine; onDone: () => void }) {
  return (
    <Section title={`修改“${node.title}”`}>
      <ActForm
        act="保存修改"
        fields={[
          field('title', '名称', { type: 'text', maxLength: 60, half: true }),
          field('active', '状态', {
            type: 'choice',
            choices: choicesOf({ yes: '在用', no: '停用' }),
            half: true,
            help: '停用后新编目录不能选用，已编目录不受影响。',
          }),
        ]}
        initial={{ title: node.title, active: node.active ? 'yes' : 'no' }}
        send={(data, idempotencyKey) =>
          apiPut(
            `/api/v1/catalog/classes/${node.code}`,
            { version: node.version, title: data.title, active: data.active === 'yes' },
            { idempotencyKey },
          )
        }
        onDone={onDone}
      />
      <Button size="small" onClick={onDone}>
        收起
      </Button>
    </Section>
  )
}
