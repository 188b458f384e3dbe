// SPDX-License-Identifier: Apache-2.0
import { ActError, CivilDate, Facts, Moment, StateWord } from '@tongchou/ui'
import { App } from 'antd'
import { ModeChooser } from './ModeSwitch.tsx'
import type { ModeChoice, Modes } from './modes.ts'
import { jurisdictionName, type LegalBasis, MODE_WORDS, type PackDetail, type PackSummary } from './policy-api.ts'

/** What a document says of itself: validity, source, what it leans on, where its text is damaged, how it works here. */
export function PackFacts({ pack, modes }: { pack: PackDetail; modes: Modes | null }) {
  return (
    <section aria-label="文件信息" className="tc-section">
      <Facts
        items={[
          { label: '适用地区', value: jurisdictionName(pack.jurisdiction) },
          { label: '引用期间', value: <Validity pack={pack} /> },
          { label: '执行方式', value: <PackMode pack={pack} modes={modes} />, wide: true },
          { label: '期间说明', value: pack.asOfNote, wide: true },
          { label: '文本来源', value: `${pack.source.title}。${pack.source.note}`, wide: true },
        ]}
      />
      <LegalBasisFold basis={pack.legalBasis} />
      {pack.damage.length > 0 && (
        <details className="tc-fold">
          <summary className="tc-fold-title">文本缺损和照录说明（{pack.damage.length} 处）</summary>
          <ul className="tc-plain-list">
            {pack.damage.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

/** From when to when a document can be cited. */
export function Validity({ pack, table = false }: { pack: PackSummary; table?: boolean }) {
  return (
    <>
      <CivilDate value={pack.validFrom} table={table} /> 起
      {pack.validTo !== null && (
        <>
          ，<CivilDate value={pack.validTo} table={table} /> 前
        </>
      )}
    </>
  )
}

/** The laws and measures that a document leans on, with those whose text is not held (未持有原文). */
export function LegalBasisFold({ basis }: { basis: readonly LegalBasis[] }) {
  if (basis.length === 0) return <p className="tc-muted">未引用其他文件</p>
  const missing = basis.filter((one) => !one.held).length
  return (
    <details className="tc-fold">
      <summary className="tc-fold-title">
        依据的文件 {basis.length} 件{missing > 0 && `，未持有原文 ${missing} 件`}
      </summary>
      <ul className="tc-plain-list">
        {basis.map((one) => (
          <li key={one.title}>
            {one.title}
            {!one.held && (
              <>
                {' '}
                <StateWord text="未持有原文" tone="soon" />
              </>
            )}
            {one.note !== undefined && <span className="tc-carried-note"> {one.note}</span>}
          </li>
        ))}
      </ul>
    </details>
  )
}

function PackMode({ pack, modes }: { pack: PackDetail; modes: Modes | null }) {
  const { modal } = App.useApp()
  if (!pack.rulesLoaded) return '规则尚未装入，只供阅读；据本文件作判定的请求一律答复规则未装入。'
  const choose = (choice: ModeChoice) =>
    void modal.confirm({
      title: `将整部文件的执行方式设为${choice === 'follow' ? '文件自带的方式' : MODE_WORDS[choice]}`,
      content: '单独设置过的规则不受影响。设置即时生效，并记入审计记录。',
      okText: '确认设置',
      cancelText: '取消',
      onOk: () => modes?.choose(null, choice),
    })
  return (
    <>
      整部文件现为{MODE_WORDS[pack.mode]}；单独设置的规则以各条所示为准。
      {modes !== null && (
        <>
          {' '}
          <ModeChooser
            label="整部文件的执行方式"
            follow={`文件自带（${MODE_WORDS[modes.setting.defaultMode]}）`}
            value={modes.choiceOf(null)}
            busy={modes.busy}
            onChoose={choose}
          />
          <ActError error={modes.error} act="设置执行方式" />
          {modes.setting.updatedAt !== null && (
            <span className="tc-muted">
              {' '}
              {modes.setting.updatedBy} 设置于 <Moment at={modes.setting.updatedAt} text />
            </span>
          )}
        </>
      )}
    </>
  )
}
