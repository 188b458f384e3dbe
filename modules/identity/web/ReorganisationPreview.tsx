import { Facts, Section, Sideways, useReferenceName } from '@tongchou/ui'
import { type Move, type Preview, thingName } from './reorganisation-api.ts'
import type { OrderDraft } from './reorganisation-draft.ts'

/** What would move, and what would stay; at a split each thing can be sent elsewhere. */
export function ReorganisationPreview({
  preview,
  draft,
  onAssign,
}: {
  preview: Preview
  draft: OrderDraft
  onAssign: (assignments: OrderDraft['assignments']) => void
}) {
  const groups = [...Map.groupBy(preview.moves, (move) => move.kind)]
  const assign = (moves: readonly Move[], to: string) => {
    const others = draft.assignments.filter((one) => !moves.some((move) => move.kind === one.kind && move.id === one.id))
    onAssign([...others, ...moves.map(({ kind, id }) => ({ kind, id, to }))])
  }
  return (
    <>
      <Names names={preview.names} />
      {groups.length === 0 && <p>没有需要移交的事项。</p>}
      {groups.map(([kind, moves]) => (
        <Group key={kind} kind={kind} moves={moves} draft={draft} onAssign={assign} />
      ))}
      {preview.stays.length > 0 && (
        <Section title="保持原名称，不移交">
          <Facts items={preview.stays.map(({ what, count }) => ({ label: what, value: `${count} 条` }))} />
        </Section>
      )}
    </>
  )
}

function Names({ names }: { names: Preview['names'] }) {
  return (
    <Sideways label="机构名称和上级">
      <table className="tc-table" aria-label="机构名称和上级">
        <thead>
          <tr>
            <th scope="col">现名称</th>
            <th scope="col">调整后</th>
            <th scope="col">现上级</th>
            <th scope="col">调整后上级</th>
          </tr>
        </thead>
        <tbody>
          {names.map((one) => (
            <tr key={one.id}>
              <td>{one.before ?? '（新设）'}</td>
              <td>{one.after ?? '（撤销）'}</td>
              <td>{one.parentBefore ?? '无'}</td>
              <td>{one.after === null ? '' : (one.parentAfter ?? '无')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

interface GroupProps {
  kind: string
  moves: readonly Move[]
  draft: OrderDraft
  onAssign: (moves: readonly Move[], to: string) => void
}

function Group({ kind, moves, draft, onAssign }: GroupProps) {
  const chooses = draft.kind === 'split' && !['superior', 'token', 'delegation'].includes(kind)
  return (
    <details className="tc-org-moves" open={chooses}>
      <summary>
        {thingName(kind)}（{moves.length}）
      </summary>
      {chooses && moves.length > 1 && (
        <p>
          本类全部移交给{' '}
          <Chooser
            label={`${thingName(kind)}全部移交给`}
            value=""
            draft={draft}
            onChange={(to) => to !== '' && onAssign(moves, to)}
            blank
          />
        </p>
      )}
      <Sideways label={`移交的${thingName(kind)}`}>
        <table className="tc-table" aria-label={`移交的${thingName(kind)}`}>
          <thead>
            <tr>
              <th scope="col">事项</th>
              <th scope="col">移交为</th>
              <th scope="col">原机构</th>
              <th scope="col">承接机构</th>
            </tr>
          </thead>
          <tbody>
            {moves.map((move) => (
              <tr key={`${move.id} ${move.role} ${move.from.id}`}>
                <td>{move.title}</td>
                <td>{move.role}</td>
                <td>{move.from.name}</td>
                <td>
                  {chooses ? (
                    <Chooser
                      label={`${move.title}（${move.role}）移交给`}
                      value={draft.assignments.find((one) => one.kind === kind && one.id === move.id)?.to ?? move.to.id}
                      draft={draft}
                      onChange={(to) => onAssign([move], to)}
                    />
                  ) : (
                    move.to.name
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </details>
  )
}

interface ChooserProps {
  label: string
  value: string
  draft: OrderDraft
  onChange: (to: string) => void
  blank?: boolean
}

/** The browser's own list: hundreds of them stand on one page. */
function Chooser({ label, value, draft, onChange, blank = false }: ChooserProps) {
  return (
    <select className="tc-org-choice" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {blank && <option value="">请选择</option>}
      {draft.successors.map((one) => (
        <Choice key={one.id} id={one.id} name={one.name} />
      ))}
    </select>
  )
}

function Choice({ id, name }: { id: string; name: string | undefined }) {
  const known = useReferenceName('organisation', id, name)
  return <option value={id}>{name ?? known}</option>
}
