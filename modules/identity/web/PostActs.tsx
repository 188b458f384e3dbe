import { apiPatch, apiPost, type ListPage } from '@tongchou/api-client'
import { useAct, useApi } from '@tongchou/ui'
import { Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { ActDialog, Field, TextField } from './ActDialog.tsx'
import { DutyPicker } from './DutyPicker.tsx'
import type { OrganisationDetails, Person, PostWithPerson } from './identity-api.ts'

/** 任职: a person takes a post in this organisation. */
export function Appoint({ organisation, onClose }: { organisation: OrganisationDetails; onClose: () => void }) {
  const [personId, setPersonId] = useState<string | null>(null)
  const [title, setTitle] = useState('')
  const [duties, setDuties] = useState<string[]>([])
  const act = useAct(async (input: Record<string, unknown>, key) => {
    await apiPost('/api/v1/posts', input, { idempotencyKey: key })
    onClose()
  })
  return (
    <ActDialog
      title={`在${organisation.shortName}任职`}
      act="任职"
      lacks={personId === null ? '请选择人员。' : title.trim() === '' ? '请填写岗位名称。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ personId, organisationId: organisation.id, title: title.trim(), duties })}
      onClose={onClose}
    >
      <PersonPicker value={personId} onChange={setPersonId} />
      <TextField label="岗位名称" hint="例如 信息科科长" maxLength={50} value={title} onChange={setTitle} />
      <DutyPicker value={duties} onChange={setDuties} />
    </ActDialog>
  )
}

function PersonPicker({ value, onChange }: { value: string | null; onChange: (id: string) => void }) {
  const [words, setWords] = useState('')
  const people = useApi<ListPage<Person>>('/api/v1/people', { q: words, limit: 20 })
  const options = (people.data?.items ?? []).map((person) => ({ value: person.id, label: labelOf(person) }))
  return (
    <div>
      <Field label="人员">
        <Select
          aria-label="人员"
          showSearch={{ filterOption: false, onSearch: setWords }}
          loading={people.isFetching}
          value={value}
          placeholder="输入姓名查找"
          options={options}
          notFoundContent={people.isFetching ? '正在查找' : '没有符合的人员'}
          onChange={onChange}
        />
      </Field>
      <p className="tc-field-hint">
        名单中没有的，先在<Link to="/people">人员与账号</Link>登记。
      </p>
    </div>
  )
}

function labelOf({ name, posts }: Person): string {
  const first = posts[0]
  return first ? `${name}（${first.organisation.name} ${first.title}）` : `${name}（尚无岗位）`
}

/** 调整岗位名称和职责; holds from the holder's next request on. */
export function ChangePost({ post, onClose }: { post: PostWithPerson; onClose: () => void }) {
  const [title, setTitle] = useState(post.title)
  const [duties, setDuties] = useState(post.duties)
  const act = useAct(async (input: Record<string, unknown>, key) => {
    await apiPatch(`/api/v1/posts/${post.id}`, input, { idempotencyKey: key })
    onClose()
  })
  return (
    <ActDialog
      title={`调整${post.person.name}的岗位`}
      act="调整岗位"
      lacks={title.trim() === '' ? '请填写岗位名称。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ title: title.trim(), duties, version: post.version })}
      onClose={onClose}
    >
      <TextField label="岗位名称" maxLength={50} value={title} onChange={setTitle} />
      <DutyPicker value={duties} onChange={setDuties} />
    </ActDialog>
  )
}

/** 免去岗位. */
export function EndPost({ post, onClose }: { post: PostWithPerson; onClose: () => void }) {
  const act = useAct(async (_: null, key) => {
    await apiPost(`/api/v1/posts/${post.id}/end`, undefined, { idempotencyKey: key })
    onClose()
  })
  return (
    <ActDialog
      title={`免去${post.person.name}的岗位`}
      act="免去岗位"
      lacks={null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate(null)}
      onClose={onClose}
    >
      <p>
        免去“{post.title}”后，{post.person.name}在该岗位上的登录立即结束，访问令牌随即失效；此前签署的意见不变。
      </p>
    </ActDialog>
  )
}
