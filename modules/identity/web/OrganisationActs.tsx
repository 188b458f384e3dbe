import { apiPatch, apiPost } from '@tongchou/api-client'
import { field, useStepForm } from '@tongchou/ui'
import { useNavigate } from 'react-router'
import { ItemsDialog } from './ActDialog.tsx'
import { kindOptions, type Organisation, type OrganisationDetails } from './identity-api.ts'

/** Items of a new organisation; the code is checked with its check character as it is typed in. */
const items = [
  field('name', '机构名称', { type: 'text', maxLength: 100 }),
  field('shortName', '简称', { type: 'text', maxLength: 40, required: false }),
  field('id', '机构标识', {
    type: 'text',
    maxLength: 63,
    help: '以小写字母开头，由小写字母、数字和连字符组成；设立后不再更改，更名也不影响，例如 civil-affairs。',
  }),
  field('kind', '机构类型', { type: 'choice', choices: kindOptions.map(({ value, label }) => ({ value, title: label })) }),
  field('parentId', '上级机构', { type: 'reference', of: 'organisation', required: false }),
  field('uscc', '统一社会信用代码', { type: 'identifier', of: 'social-credit-code', required: false }),
  field('divisionCode', '行政区划', { type: 'reference', of: 'division', required: false, help: '输入名称或代码查找。' }),
]

/** 设立机构, below the one that is shown unless another is chosen. */
export function NewOrganisation({ parent, onClose }: { parent: OrganisationDetails | undefined; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useStepForm(items, { kind: 'city-department', parentId: parent?.id, divisionCode: parent?.divisionCode ?? undefined })
  return (
    <ItemsDialog
      title={parent ? `在${parent.shortName}之下设立机构` : '设立机构'}
      act="设立机构"
      form={form}
      send={async (data, key) => {
        const made = await apiPost<Organisation>('/api/v1/organisations', data, { idempotencyKey: key })
        void navigate(`/organisations/${made.id}`)
      }}
      onClose={onClose}
    />
  )
}

const names = [
  field('name', '新名称', { type: 'text', maxLength: 100 }),
  field('shortName', '简称', { type: 'text', maxLength: 40, required: false }),
]

/** 机构更名. */
export function RenameOrganisation({ organisation, onClose }: { organisation: OrganisationDetails; onClose: () => void }) {
  const form = useStepForm(names, { name: organisation.name, shortName: organisation.shortName })
  return (
    <ItemsDialog
      title={`${organisation.name}更名`}
      act="更名"
      form={form}
      send={(data, key) =>
        apiPatch(`/api/v1/organisations/${organisation.id}`, { ...data, version: organisation.version }, { idempotencyKey: key })
      }
      onClose={onClose}
    >
      <p>原名称记为曾用名，此前办理的事项仍显示原名称。</p>
    </ItemsDialog>
  )
}
