import { apiPut } from '@tongchou/api-client'
import { Forbidden, Page, QueryView, type SaveAttempt, useApi } from '@tongchou/ui'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { amendmentKindWords } from '../words.ts'
import { reasonField, WithdrawalForm } from './BeginAmendment.tsx'
import { type Amendment, compilers } from './catalog-api.ts'
import { toValues } from './content-values.ts'
import { WithClasses } from './ResourceForm.tsx'
import type { EntryKeeping, SavedEntry } from './useEntry.ts'

/** 修改目录变更或撤销申请, before it is handed in or when it came back. */
export function EditAmendmentPage() {
  const { id = '' } = useParams()
  const query = useApi<Amendment>(`/api/v1/catalog/amendments/${id}`)
  return (
    <QueryView query={query} what="目录变更" page>
      {(amendment) => (
        <Page
          title={`${amendmentKindWords[amendment.kind]}“${amendment.entry.name}”`}
          breadcrumb={[
            { label: '资源目录', href: '/catalog' },
            { label: '变更和撤销', href: '/catalog/amendments' },
            { label: amendment.entry.name, href: `/catalog/amendments/${id}` },
            { label: '修改' },
          ]}
        >
          {!amendment.mayDo.includes('edit') ? (
            <NotOpen amendment={amendment} />
          ) : amendment.kind === 'change' ? (
            <EditChange amendment={amendment} />
          ) : (
            <EditWithdrawal amendment={amendment} />
          )}
        </Page>
      )}
    </QueryView>
  )
}

function NotOpen({ amendment }: { amendment: Amendment }) {
  const open = amendment.state === 'draft' || amendment.state === 'returned'
  if (open) return <Forbidden duty={amendment.kind === 'change' ? compilers : ['data-steward']} act="修改本单位以外的目录变更" />
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">现在不能修改</p>
      <p>已提交审核或已办结。需要修改的，由审核环节退回。</p>
      <Link to={`/catalog/amendments/${amendment.id}`}>返回</Link>
    </div>
  )
}

/** The whole entry as it is to be, in the form in which it was compiled. */
function EditChange({ amendment }: { amendment: Amendment }) {
  const [keeping] = useState<EntryKeeping>(() => ({
    save: saveChange,
    fields: [{ ...reasonField('写明为什么变更、变更什么。'), group: '变更' }],
    beside: ({ reason }) => ({ reason: String(reason ?? '') }),
  }))
  if (amendment.content === null) return null
  return (
    <WithClasses
      resource={amendment}
      initial={{ ...toValues(amendment.content), reason: amendment.reason }}
      keeping={keeping}
      back={(id) => `/catalog/amendments/${id}`}
    />
  )
}

async function saveChange({ target, body, key }: SaveAttempt<SavedEntry>): Promise<SavedEntry> {
  if (target === null) throw new Error('a change is begun at its entry')
  return apiPut<Amendment>(`/api/v1/catalog/amendments/${target.id}/change`, { ...body, version: target.version }, { idempotencyKey: key })
}

function EditWithdrawal({ amendment }: { amendment: Amendment }) {
  const navigate = useNavigate()
  const { id, version, ground, reason, mergedInto } = amendment
  return (
    <WithdrawalForm
      initial={{ ground, reason, ...(mergedInto ? { mergedIntoId: mergedInto.id } : {}) }}
      send={async (data, key) => {
        await apiPut(`/api/v1/catalog/amendments/${id}/withdrawal`, { mergedIntoId: null, version, ...data }, { idempotencyKey: key })
        void navigate(`/catalog/amendments/${id}`)
      }}
    >
      <p className="tc-muted">保存后提交审核；退回修改的，在办件中重新提交。</p>
    </WithdrawalForm>
  )
}
