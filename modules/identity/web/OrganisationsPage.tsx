import { Empty, holdsDuty, Page, QueryView, useApi, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { DateField } from './ActDialog.tsx'
import { type OrganisationDetails, useOrganisations } from './identity-api.ts'
import { NewOrganisation, RenameOrganisation } from './OrganisationActs.tsx'
import { OrganisationContent } from './OrganisationContent.tsx'
import { OrganisationTree } from './OrganisationTree.tsx'
import { Appoint } from './PostActs.tsx'
import './identity.css'

/** 组织与人员: the tree on the left, the chosen organisation on the right. */
export function OrganisationsPage() {
  const { id } = useParams()
  const [asOf, setAsOf] = useState('')
  const all = useOrganisations(asOf)
  const chosen = useApi<OrganisationDetails>(id === undefined ? null : `/api/v1/organisations/${id}`)
  const organisation = id === undefined ? undefined : chosen.data
  return (
    <Page
      title={organisation?.name ?? '组织与人员'}
      breadcrumb={organisation && breadcrumbOf(organisation)}
      actions={<Acts organisation={organisation} />}
    >
      <div className="tc-org">
        <div>
          <DateField
            optional
            label="按日期查看"
            hint={asOf === '' ? '不填即今日。' : '机构名称和隶属关系为该日的情形，机构详情为今日的情形。'}
            value={asOf}
            onChange={setAsOf}
          />
          <QueryView
            query={all}
            what="机构"
            isEmpty={(list) => list.length === 0}
            empty={<Empty what="尚未设立机构" hint="由系统管理员设立第一个机构，例如市人民政府。" />}
          >
            {(list) => <OrganisationTree organisations={list} current={id} />}
          </QueryView>
        </div>
        {id === undefined ? (
          <Empty what="从左侧选择机构" hint="可查看机构的职责、岗位和承办人员。" />
        ) : (
          <QueryView query={chosen} what="机构">
            {(details) => <OrganisationContent organisation={details} />}
          </QueryView>
        )}
      </div>
    </Page>
  )
}

type Open = 'new' | 'rename' | 'appoint' | null

/** What the system administrator can do here. */
function Acts({ organisation }: { organisation: OrganisationDetails | undefined }) {
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  if (!holdsDuty(useSession(), ['system-admin'])) return null
  return (
    <>
      <Button onClick={() => setOpen('new')}>{organisation ? '设立下级机构' : '设立机构'}</Button>
      {organisation && <Button onClick={() => setOpen('rename')}>更名</Button>}
      {organisation && (
        <Button type="primary" onClick={() => setOpen('appoint')}>
          任职
        </Button>
      )}
      {open === 'new' && <NewOrganisation parent={organisation} onClose={close} />}
      {open === 'rename' && organisation && <RenameOrganisation organisation={organisation} onClose={close} />}
      {open === 'appoint' && organisation && <Appoint organisation={organisation} onClose={close} />}
    </>
  )
}

function breadcrumbOf({ parent, shortName }: OrganisationDetails) {
  const above = parent ? [{ label: parent.name, href: `/organisations/${parent.id}` }] : []
  return [{ label: '组织与人员', href: '/organisations' }, ...above, { label: shortName }]
}
