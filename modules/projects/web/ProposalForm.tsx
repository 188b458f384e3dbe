// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { ArticleChip, type Cure, FieldInput, FindingList, LinesEditor, linesOf, type MoneyUnit, Section, UnitChoice } from '@tongchou/ui'
import { Checkbox, Select } from 'antd'
import { useState } from 'react'
import { ChoiceRow, FieldRow, GroupRow, TextRow, yesNo } from './FormParts.tsx'
import type { Builder, Deliverable } from './project-api.ts'
import {
  asksAppStage,
  budgetField,
  cellTroubles,
  type DraftField,
  dataResourcesField,
  fieldOfFinding,
  omCostField,
  systemsField,
} from './proposal.ts'
import type { ProposalState, TypedFinding } from './useProposal.ts'
import {
  appStageWords,
  builderWords,
  deliverableGroups,
  deploymentWords,
  fundingWords,
  kindWords,
  optionsOf,
  reachWords,
  useDeliverableWords,
} from './words.ts'

export interface ProposalFormProps {
  state: ProposalState
  findings: readonly TypedFinding[]
  /** Kind of the proposing organisation: decides who can build. */
  ownerKind: string | undefined
  organisations: readonly { id: string; name: string }[]
  /** Problems the server named, by field. */
  errors: ReadonlyMap<DraftField, string>
  /** Also says what is still empty, in the cells: after the first attempt to hand in. */
  showLacks: boolean
}

/** The proposal in its sections, the rules beside the fields. */
export function ProposalForm(props: ProposalFormProps) {
  const [unit, setUnit] = useState<MoneyUnit>('万元')
  return (
    <div className="tc-proposal-form">
      <Basics {...props} />
      <Building {...props} />
      <Deliverables {...props} />
      <Money {...props} unit={unit} setUnit={setUnit} />
      <SystemsAndData {...props} unit={unit} />
      <Basis {...props} />
      <Urgency {...props} />
    </div>
  )
}

/** What every row needs: its findings with their cures, its problem. */
function useRows({ state, findings, errors, showLacks }: ProposalFormProps) {
  return (field: DraftField) => ({
    field,
    findings: findings.map((one) => one.finding).filter((one) => fieldOfFinding(one) === field),
    cureOf: (finding: Finding) => cureOf(finding, state),
    error:
      errors.get(field) ?? (showLacks && state.lacks.some((lack) => lack.field === field) && !LINES.has(field) ? '尚未填写' : undefined),
  })
}

const LINES = new Set<DraftField>(['budgetLines', 'systems', 'dataResources'])

/** Cures that the form itself can carry out at once. */
function cureOf(finding: Finding, { draft, change }: ProposalState): Cure | undefined {
  const drop = (group: number) => () => {
    const items: readonly Deliverable[] = deliverableGroups[group]?.items ?? []
    change({ deliverables: draft.deliverables.filter((one) => !items.includes(one)) })
  }
  if (finding.rule === 'no-own-infrastructure') return { label: '从建设内容中删去', onCure: drop(1) }
  if (finding.facts.includes('project.deployment'))
    return { label: '改为部署在市政务云', onCure: () => change({ plannedDeployment: 'gov-cloud' }) }
  if (fieldOfFinding(finding) === 'builder' && draft.builder !== 'big-data-center')
    return { label: '改由市大数据中心建设', onCure: () => change({ builder: 'big-data-center' }) }
  return undefined
}

function Basics(props: ProposalFormProps) {
  const { draft, change } = props.state
  const row = useRows(props)
  return (
    <Section title="基本情况">
      <div className="tc-form">
        <TextRow {...row('name')} label="项目名称" required value={draft.name} maxLength={200} onChange={(name) => change({ name })} />
        <ChoiceRow
          {...row('kind')}
          label="项目类型"
          required
          value={draft.kind}
          options={optionsOf(kindWords)}
          onChange={(kind) => change({ kind })}
        />
        <FieldRow {...row('userUnitOrgId')} label="用户单位" required help="建成后使用系统的单位">
          {(id) => (
            <Select
              id={id}
              showSearch
              optionFilterProp="label"
              style={{ width: '100%', maxWidth: 420 }}
              placeholder="从机构名录中选择"
              value={draft.userUnitOrgId === '' ? null : draft.userUnitOrgId}
              aria-describedby={`${id}h`}
              options={props.organisations.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(userUnitOrgId: string) => change({ userUnitOrgId })}
            />
          )}
        </FieldRow>
        <TextRow
          {...row('responsiblePerson')}
          label="责任人"
          required
          help="对项目建设负责的具体人员"
          value={draft.responsiblePerson}
          maxLength={50}
          onChange={(responsiblePerson) => change({ responsiblePerson })}
        />
      </div>
    </Section>
  )
}

function buildersFor(ownerKind: string | undefined): { value: Builder; label: string }[] {
  const own: Builder[] = ownerKind === 'big-data-center' ? [] : ownerKind === 'district' ? ['district'] : ['department']
  return optionsOf(builderWords).filter(({ value }) => value === 'big-data-center' || own.includes(value))
}

function Building(props: ProposalFormProps) {
  const { draft, change } = props.state
  const row = useRows(props)
  return (
    <Section title="建设方式">
      <div className="tc-form">
        <ChoiceRow
          {...row('builder')}
          label="建设主体"
          required
          value={draft.builder}
          options={buildersFor(props.ownerKind)}
          onChange={(builder) => change({ builder })}
        />
        <ChoiceRow
          {...row('reach')}
          label="应用范围"
          required
          value={draft.reach}
          options={optionsOf(reachWords)}
          onChange={(reach) => change({ reach })}
        />
        <ChoiceRow
          {...row('plannedDeployment')}
          label="部署位置"
          required
          help="建成后以市大数据中心核实的登记为准"
          value={draft.plannedDeployment}
          options={optionsOf(deploymentWords)}
          onChange={(plannedDeployment) => change({ plannedDeployment })}
        />
        <ChoiceRow
          {...row('superiorCoordinated')}
          label="由国家、自治区统筹建设"
          required
          help="同时使用上级财政资金的，还须报市大数据中心备案"
          value={draft.superiorCoordinated}
          options={yesNo}
          onChange={(superiorCoordinated) => change({ superiorCoordinated })}
        />
      </div>
    </Section>
  )
}

function Deliverables(props: ProposalFormProps) {
  const { draft, change } = props.state
  const row = useRows(props)
  const nameOf = useDeliverableWords()
  const set = (group: readonly Deliverable[], chosen: readonly Deliverable[]) =>
    change({ deliverables: [...draft.deliverables.filter((one) => !group.includes(one)), ...chosen] })
  return (
    <Section title="建设内容">
      <div className="tc-form">
        <GroupRow {...row('deliverables')} label="建设内容" required help="列出项目要建的全部内容，可多选">
          {deliverableGroups.map((group) => (
            <fieldset key={group.title} className="tc-checks">
              <legend>
                {group.title}{' '}
                {group.articles.map((article) => (
                  <ArticleChip key={article} article={article} />
                ))}
              </legend>
              <Checkbox.Group
                value={draft.deliverables.filter((one) => group.items.includes(one))}
                options={group.items.map((value) => ({ value, label: nameOf(value) }))}
                onChange={(chosen) => set(group.items, chosen)}
              />
            </fieldset>
          ))}
        </GroupRow>
        {asksAppStage(draft) && (
          <>
            <ChoiceRow
              {...row('appStage')}
              label="线上服务类APP的建设状态"
              required
              value={draft.appStage}
              options={optionsOf(appStageWords).filter(({ value }) => value !== 'none')}
              onChange={(appStage) => change({ appStage })}
            />
            <ChoiceRow
              {...row('standardInterface')}
              label="已预留或改造为标准化接口"
              value={draft.standardInterface}
              options={yesNo}
              onChange={(standardInterface) => change({ standardInterface })}
            />
          </>
        )}
        <TextRow
          {...row('summary')}
          label="建设内容和规模说明"
          value={draft.summary}
          maxLength={8000}
          rows={4}
          onChange={(summary) => change({ summary })}
        />
      </div>
    </Section>
  )
}

function Money(props: ProposalFormProps & { unit: MoneyUnit; setUnit: (unit: MoneyUnit) => void }) {
  const { draft, change, setUnreadable } = props.state
  const row = useRows(props)
  const omCost = row('omCostFen')
  return (
    <Section title="投资与经费" extra={<UnitChoice unit={props.unit} onChange={props.setUnit} />}>
      <div className="tc-form">
        <Lines {...props} field={budgetField} />
        <FieldRow {...omCost} label="年运维费" required help="建成后每年的运行维护费用，没有的填 0">
          {(id) => (
            <div className="tc-money-field">
              <FieldInput
                id={id}
                field={omCostField}
                value={draft.omCostFen}
                unit={props.unit}
                invalid={omCost.error !== undefined}
                onChange={(value) => change({ omCostFen: typeof value === 'number' ? value : null })}
                onUnreadable={(error) => setUnreadable('omCostFen', error && `年运维费：${error}`)}
              />
            </div>
          )}
        </FieldRow>
        <GroupRow {...row('funding')} label="资金来源" required help="可多选">
          <Checkbox.Group
            aria-label="资金来源"
            value={[...draft.funding]}
            options={optionsOf(fundingWords)}
            onChange={(funding) => change({ funding })}
          />
        </GroupRow>
      </div>
    </Section>
  )
}

function Lines({ state, errors, showLacks, field, unit }: ProposalFormProps & { field: typeof budgetField; unit: MoneyUnit }) {
  const own = errors.get(field.id as DraftField)
  const lack = state.lacks.find((one) => one.field === field.id)
  const troubles = [
    ...(own === undefined ? [] : [{ path: field.id, message: own }]),
    ...(showLacks ? cellTroubles(state.draft) : []),
    ...(showLacks && lack ? [{ path: field.id, message: lack.message }] : []),
  ]
  return (
    <div id={`field-${field.id}`}>
      <LinesEditor
        field={field}
        lines={linesOf(state.draft.lines[field.id])}
        onChange={(lines) => state.change({ lines: { ...state.draft.lines, [field.id]: lines } })}
        unit={unit}
        errors={troubles}
        onUnreadable={state.setUnreadable}
      />
    </div>
  )
}

function SystemsAndData(props: ProposalFormProps & { unit: MoneyUnit }) {
  const { draft, change } = props.state
  const row = useRows(props)
  const hasData = linesOf(draft.lines.dataResources).some((line) => line.values.name)
  return (
    <Section title="系统与数据资源">
      <div className="tc-form">
        <Lines {...props} field={systemsField} />
        <Lines {...props} field={dataResourcesField} />
        {!hasData && (
          <TextRow
            {...row('noDataReason')}
            label="不形成数据资源的理由"
            help="不形成数据资源的项目须说明理由；形成的，验收前须编制资源目录"
            value={draft.noDataReason}
            maxLength={1000}
            rows={2}
            onChange={(noDataReason) => change({ noDataReason })}
          />
        )}
      </div>
    </Section>
  )
}

function Basis(props: ProposalFormProps) {
  const { draft, change } = props.state
  const row = useRows(props)
  return (
    <Section title="规划依据与必要性">
      <div className="tc-form">
        <TextRow
          {...row('planBasis')}
          label="规划依据"
          help="所依据的规划、文件及条款"
          value={draft.planBasis}
          maxLength={2000}
          rows={3}
          onChange={(planBasis) => change({ planBasis })}
        />
        <TextRow
          {...row('necessity')}
          label="单独建设的必要性"
          help="应用范围为单个部门并由本部门建设的，须说明为何不能由市大数据中心统一建设"
          value={draft.necessity}
          maxLength={4000}
          rows={3}
          onChange={(necessity) => change({ necessity })}
        />
      </div>
    </Section>
  )
}

function Urgency(props: ProposalFormProps) {
  const { draft, change } = props.state
  const row = useRows(props)
  const [open, setOpen] = useState(draft.urgencyReason !== '')
  const own = props.findings.map((one) => one.finding).filter((one) => fieldOfFinding(one) === undefined)
  return (
    <>
      <Section title="紧急情形">
        <p className="tc-muted">
          因严重自然灾害或者其他不可抗力需要实施的紧急项目，由市大数据中心认定。 <ArticleChip article="WH23-22" />
        </p>
        <Checkbox
          checked={open}
          onChange={(event) => {
            setOpen(event.target.checked)
            if (!event.target.checked) change({ urgencyReason: '' })
          }}
        >
          属于紧急项目
        </Checkbox>
        {open && (
          <TextRow
            {...row('urgencyReason')}
            label="紧急情形说明"
            required
            value={draft.urgencyReason}
            maxLength={2000}
            rows={3}
            onChange={(urgencyReason) => change({ urgencyReason })}
          />
        )}
      </Section>
      {own.length > 0 && (
        <Section title="其他规则提示">
          <FindingList findings={own} />
        </Section>
      )}
    </>
  )
}
