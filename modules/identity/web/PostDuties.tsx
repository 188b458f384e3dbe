import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActError, CivilDate, DUTY_IDS, dutyName, QueryView, Sideways, StateWord, useAct, useApi } from '@tongchou/ui'
import { Button, Modal, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { DateField, Field, ReferenceField } from './ActDialog.tsx'
import type { PostWithPerson } from './identity-api.ts'

interface Grant {
  id: number
  duty: string
  area: { code: string; name: string } | null
  validFrom: string
  validTo: string | null
  state: 'coming' | 'standing' | 'ended'
}

/** 岗位职责 with their days and areas: past, standing and to come. */
export function PostDuties({ post, onClose }: { post: PostWithPerson; onClose: () => void }) {
  const path = `/api/v1/posts/${post.id}/duties`
  const grants = useApi<ListPage<Grant>>(path)
  const end = useAct((id: number, key) => apiPost(`${path}/${id}/end`, {}, { idempotencyKey: key }))
  return (
    <Modal open width={760} title={`${post.person.name}（${post.title}）的岗位职责`} onCancel={onClose} footer={null} destroyOnHidden>
      <QueryView query={grants} what="岗位职责" isEmpty={(page) => page.items.length === 0} empty={<p>尚无职责。</p>}>
        {(page) => (
          <Sideways label="岗位职责">
            <table className="tc-table" aria-label="岗位职责">
              <thead>
                <tr>
                  <th scope="col">职责</th>
                  <th scope="col">区域</th>
                  <th scope="col">开始日期</th>
                  <th scope="col">结束日期</th>
                  <th scope="col">状态</th>
                  <th scope="col">办理</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((grant) => (
                  <tr key={grant.id}>
                    <td>{dutyName(grant.duty)}</td>
                    <td>{grant.area ? grant.area.name : '不限'}</td>
                    <td>
                      <CivilDate value={grant.validFrom} table />
                    </td>
                    <td>{grant.validTo ? <CivilDate value={grant.validTo} table /> : '长期'}</td>
                    <td>
                      <GrantState state={grant.state} />
                    </td>
                    <td>
                      {grant.state !== 'ended' && (
                        <Button
                          size="small"
                          loading={end.isPending && end.variables === grant.id}
                          onClick={() => end.mutate(grant.id)}
                          aria-label={`终止${dutyName(grant.duty)}`}
                        >
                          终止
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
      <ActError act="终止职责" error={end.error} />
      <Give path={path} />
    </Modal>
  )
}

function GrantState({ state }: { state: Grant['state'] }) {
  if (state === 'standing') return <StateWord text="有效" tone="good" />
  return state === 'coming' ? <StateWord text="待开始" tone="soon" /> : <StateWord text="已终止" />
}

function Give({ path }: { path: string }) {
  const [duty, setDuty] = useState<string | null>(null)
  const [area, setArea] = useState('')
  const [validFrom, setValidFrom] = useState('')
  const [validTo, setValidTo] = useState('')
  const [lacks, setLacks] = useState(false)
  const act = useAct((input: Record<string, unknown>, key) => apiPost(path, input, { idempotencyKey: key }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setLacks(duty === null)
    if (duty === null) return
    const optional = { area, validFrom, validTo }
    act.mutate({ duty, ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')) })
  }
  return (
    <form className="tc-org-form tc-org-give" onSubmit={submit} noValidate>
      <h3>赋予职责</h3>
      <Field label="职责">
        <Select
          aria-label="职责"
          value={duty}
          placeholder="请选择职责"
          virtual={false}
          options={DUTY_IDS.map((value) => ({ value, label: dutyName(value) }))}
          onChange={setDuty}
        />
      </Field>
      <ReferenceField of="division" label="区域" hint="行政区划；不选即不限区域。" optional value={area} onChange={setArea} />
      <DateField optional label="开始日期" hint="不填即今日。" value={validFrom} onChange={setValidFrom} />
      <DateField optional label="结束日期" hint="自该日起不再承担；不填即长期。" value={validTo} onChange={setValidTo} />
      {lacks && (
        <p className="tc-field-error" role="alert">
          请选择职责。
        </p>
      )}
      <ActError act="赋予职责" error={act.error} />
      <div className="tc-org-end">
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          赋予职责
        </Button>
      </div>
    </form>
  )
}
