import { CivilDate, Empty, Facts, holdsDuty, Section, Sideways, StateWord, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Duties } from './DutyPicker.tsx'
import { kindName, type OrganisationDetails, type PostWithPerson } from './identity-api.ts'
import { ChangePost, EndPost } from './PostActs.tsx'
import { PostDuties } from './PostDuties.tsx'

/** What an organisation is, which duties it bears, who holds them, what is below it. */
export function OrganisationContent({ organisation }: { organisation: OrganisationDetails }) {
  return (
    <div>
      <Facts
        items={[
          { label: '机构类型', value: kindName(organisation.kind) },
          { label: '上级机构', value: organisation.parent ? <OrganisationLink {...organisation.parent} /> : '无' },
          { label: '信用代码', value: organisation.uscc && <span className="tc-num">{organisation.uscc}</span> },
          { label: '行政区划代码', value: organisation.divisionCode && <span className="tc-num">{organisation.divisionCode}</span> },
          { label: '设立日期', value: <CivilDate value={organisation.validFrom} /> },
          ...(organisation.validTo ? [{ label: '撤销日期', value: <CivilDate value={organisation.validTo} /> }] : []),
          ...(organisation.formerNames.length > 0 ? [{ label: '曾用名', value: <FormerNames of={organisation} />, wide: true }] : []),
        ]}
      />
      <Section title="职责">
        {organisation.duties.length > 0 ? (
          <Duties duties={organisation.duties} />
        ) : (
          <Empty what="尚未承担职责" hint="职责随岗位设置：任职时选定岗位的职责，机构即承担该职责。" />
        )}
      </Section>
      <Section title="岗位与人员">
        <Posts organisation={organisation} />
      </Section>
      {organisation.children.length > 0 && (
        <Section title="下级机构">
          <ul>
            {organisation.children.map((child) => (
              <li key={child.id}>
                <OrganisationLink {...child} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

function FormerNames({ of: { formerNames } }: { of: OrganisationDetails }) {
  return (
    <>
      {formerNames.map((former) => (
        <div key={`${former.untilOn} ${former.name}`}>
          {former.name}（至 <CivilDate value={former.untilOn} />）
        </div>
      ))}
    </>
  )
}

function OrganisationLink({ id, name }: { id: string; name: string }) {
  return <Link to={`/organisations/${id}`}>{name}</Link>
}

function Posts({ organisation }: { organisation: OrganisationDetails }) {
  const administers = holdsDuty(useSession(), ['system-admin'])
  const { posts, postCount } = organisation
  if (postCount === 0) return <Empty what="尚无岗位" hint="由系统管理员任职后，岗位和人员列在这里。" />
  return (
    <>
      {posts.length > 0 && (
        <Sideways label="岗位与人员">
          <table className="tc-table" aria-label="岗位与人员">
            <thead>
              <tr>
                <th scope="col">岗位</th>
                <th scope="col">姓名</th>
                <th scope="col">职责</th>
                {administers && <th scope="col">账号</th>}
                {administers && <th scope="col">办理</th>}
              </tr>
            </thead>
            <tbody>
              {posts.map((post) => (
                <PostRow key={post.id} post={post} administers={administers} />
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
      {posts.length < postCount && (
        <p className="tc-muted">
          本机构共有 {postCount} 个岗位，{posts.length > 0 && `其中 ${postCount - posts.length} 个的`}人员信息仅向政务人员公开。
        </p>
      )}
    </>
  )
}

function PostRow({ post, administers }: { post: PostWithPerson; administers: boolean }) {
  const [open, setOpen] = useState<'change' | 'duties' | 'end' | null>(null)
  const own = useSession().person.id === post.person.id
  return (
    <tr>
      <td>{post.title}</td>
      <td>{post.person.name}</td>
      <td>
        <Duties duties={post.duties} />
      </td>
      {administers && (
        <td>
          {post.account ? <Link to={`/people?q=${encodeURIComponent(post.account.username)}`}>{post.account.username}</Link> : '未开通'}{' '}
          {post.account?.status === 'disabled' && <StateWord text="已停用" tone="bad" />}
        </td>
      )}
      {administers && (
        <td>
          {own ? (
            <span className="tc-muted">本人岗位由另一名管理员办理</span>
          ) : (
            <span className="tc-org-acts">
              <Button size="small" onClick={() => setOpen('change')}>
                调整
              </Button>
              <Button size="small" onClick={() => setOpen('duties')}>
                职责
              </Button>
              <Button size="small" onClick={() => setOpen('end')}>
                免去
              </Button>
            </span>
          )}
          {open === 'change' && <ChangePost post={post} onClose={() => setOpen(null)} />}
          {open === 'duties' && <PostDuties post={post} onClose={() => setOpen(null)} />}
          {open === 'end' && <EndPost post={post} onClose={() => setOpen(null)} />}
        </td>
      )}
    </tr>
  )
}
