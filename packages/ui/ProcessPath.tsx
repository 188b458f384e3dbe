// SPDX-License-Identifier: Apache-2.0
import { type MouseEvent, useContext, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { civilOf, longDate, shanghai } from './dates.ts'
import { BOX, layoutPath, type PathStep, type PlacedStep, type ProcedurePath } from './process-layout.ts'
import { Sideways } from './Sideways.tsx'
import { StateWord, type Tone } from './StateWord.tsx'
import { SessionContext } from './session.ts'
import { TEXT_SCALES } from './theme.ts'

export interface ProcessPathProps {
  path: ProcedurePath
  /** Of what: 项目“智慧城管二期”的办理流程. */
  label: string
  /** `auto` takes the vertical form where the page is narrow. */
  variant?: 'auto' | 'wide' | 'vertical'
}

const NARROW = 620

/** 流程图: where the case is, drawn from its procedure. Steps done, the step now, steps ahead, branches side by side, lines back. */
export function ProcessPath({ path, label, variant = 'auto' }: ProcessPathProps) {
  const [ground, wide] = useWidth()
  const scale = TEXT_SCALES[useContext(SessionContext)?.display.textSize ?? 'normal']
  const width = wide / scale
  const vertical = variant === 'vertical' || (variant === 'auto' && width > 0 && width < NARROW)
  return (
    <div className="tc-path" ref={ground}>
      {vertical ? (
        <VerticalPath path={path} label={label} />
      ) : (
        width > 0 && <WidePath path={path} label={label} width={width} scale={scale} />
      )}
    </div>
  )
}

/** @param scale how much the drawing is enlarged for who reads large text */
function WidePath({ path, label, width, scale }: { path: ProcedurePath; label: string; width: number; scale: number }) {
  const placed = useMemo(() => layoutPath(path, width), [path, width])
  const marker = useId()
  const { hash } = useLocation()
  const selected = path.steps.find((step) => hash === anchorOf(step)) ?? path.steps.find((step) => step.state === 'active')
  return (
    <>
      <Sideways label={label}>
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing of links is a group, there is no element for it */}
        <svg
          role="group"
          aria-label={label}
          width={placed.width * scale}
          height={placed.height * scale}
          viewBox={`0 0 ${placed.width} ${placed.height}`}
        >
          <defs>
            {['ahead', 'walked', 'return'].map((kind) => (
              <marker key={kind} id={`${marker}${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0 L8 4 L0 8 z" fill={{ ahead: '#b9c0c9', walked: '#4c9469', return: '#656d78' }[kind]} />
              </marker>
            ))}
          </defs>
          {placed.edges.map(({ edge, line, walked }) => {
            const kind = edge.kind === 'return' ? 'return' : walked ? 'walked' : 'ahead'
            return (
              <path
                key={`${edge.from} ${edge.to} ${edge.kind}`}
                className={`tc-path-edge tc-path-edge--${kind}`}
                d={line}
                markerEnd={`url(#${marker}${kind})`}
              />
            )
          })}
          {placed.steps.map((one) => (
            <StepBox key={one.step.id} placed={one} current={one.step === selected} />
          ))}
        </svg>
      </Sideways>
      <ol className="tc-hidden" aria-label={`${label}（文字）`}>
        {path.steps.map((step) => (
          <li key={step.id}>
            {describeStep(step)}
            {returnsOf(path, step)}
          </li>
        ))}
      </ol>
      {selected && <StepDetail step={selected} />}
    </>
  )
}

function StepBox({ placed: { step, x, y }, current }: { placed: PlacedStep; current: boolean }) {
  const navigate = useNavigate()
  const { search } = useLocation()
  const select = (event: MouseEvent) => {
    event.preventDefault()
    void navigate({ search, hash: anchorOf(step) }, { replace: true, preventScrollReset: true })
  }
  const { who, limit } = boxLines(step)
  const overdue = step.state === 'active' && step.overdue === true
  return (
    <g className={`tc-path-step tc-path-step--${step.state}${overdue ? ' tc-path-step--overdue' : ''}`}>
      <a href={anchorOf(step)} onClick={select} aria-label={describeStep(step)} aria-current={step.state === 'active' ? 'step' : undefined}>
        <title>{describeStep(step)}</title>
        <rect className="tc-path-box" x={x} y={y} width={BOX.width} height={BOX.height} rx="4" />
      </a>
      {/* Cut to the box; the link's name has the whole. */}
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawn group takes no focus, the link is its sibling */}
      <g className="tc-path-words" aria-hidden="true">
        <text className="tc-path-title" x={x + 10} y={y + 22}>
          {MARKS[step.state]} {fit(step.title, 10.5)}
        </text>
        <text className="tc-path-line" x={x + 10} y={y + 45}>
          {fit(who, 12.5)}
        </text>
        <text className="tc-path-line tc-path-line--limit" x={x + 10} y={y + 66}>
          {fit(limit, 12.5)}
        </text>
        {current && <rect className="tc-path-current" x={x} y={y + BOX.height - 3} width={BOX.width} height="3" />}
      </g>
    </g>
  )
}

/** The step that was chosen, in full: who decided what, when, with which opinion. */
function StepDetail({ step }: { step: PathStep }) {
  return (
    <div className="tc-path-detail" aria-live="polite">
      <h3>
        {step.title} <StateWord text={stateText(step)} tone={toneOf(step)} />
      </h3>
      <StepFacts step={step} />
    </div>
  )
}

function VerticalPath({ path, label }: { path: ProcedurePath; label: string }) {
  return (
    <ol className="tc-path-vertical" aria-label={label}>
      {path.steps.map((step) => (
        <li
          key={step.id}
          id={anchorOf(step).slice(1)}
          className={`is-${step.state}${step.overdue ? ' is-overdue' : ''}`}
          aria-current={step.state === 'active' ? 'step' : undefined}
        >
          <strong>{step.title}</strong> <StateWord text={stateText(step)} tone={toneOf(step)} />
          <StepFacts step={step} />
        </li>
      ))}
    </ol>
  )
}

function StepFacts({ step }: { step: PathStep }) {
  return (
    <>
      <p>
        {step.duty}
        {step.organisation && ` · ${step.organisation}`}
        {step.holders && step.holders.length > 0 && ` · ${step.holders.join('、')}`}
      </p>
      {step.state !== 'done' && step.state !== 'skipped' && <p>{timeText(step)}</p>}
      {step.remarks?.map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
      {step.decisions.map((decision) => (
        <p key={`${decision.at} ${decision.person} ${decision.outcome}`}>
          {decision.organisation} {decision.person}，{longDate(civilOf(decision.at))}，{decision.outcome}
          {decision.opinion && `：${decision.opinion}`}
        </p>
      ))}
    </>
  )
}

const MARKS: Readonly<Record<PathStep['state'], string>> = { done: '✓', active: '●', ahead: '○', skipped: '–' }

function boxLines(step: PathStep): { who: string; limit: string } {
  const last = step.decisions.at(-1)
  if (step.state === 'done' && last) return { who: `${last.person} ${last.outcome}`, limit: civilOf(last.at) }
  if (step.state === 'active') return { who: step.holders?.join('、') || step.organisation || step.duty, limit: timeText(step) }
  return { who: step.organisation ?? step.duty, limit: step.state === 'skipped' ? '不经此步' : step.limitText }
}

function stateText(step: PathStep): string {
  if (step.state === 'active') return step.overdue ? '逾期在办' : '在办'
  return { done: '已办结', ahead: '未到', skipped: '不经此步' }[step.state]
}

function toneOf(step: PathStep): Tone {
  if (step.state === 'active') return step.overdue ? 'bad' : 'now'
  return step.state === 'done' ? 'good' : 'plain'
}

function timeText(step: PathStep): string {
  if (step.state === 'ahead') return step.limitText
  if (step.due) return `${step.overdue ? '已逾期，期限 ' : '期限 '}${civilOf(step.due)}`
  return step.limitText
}

/** The step in one sentence, the same facts as the drawing. */
export function describeStep(step: PathStep): string {
  const parts = [`${step.title}，${stateText(step)}`, step.organisation ?? step.duty]
  if (step.holders && step.holders.length > 0) parts.push(`由${step.holders.join('、')}办理`)
  if (step.since && step.state === 'active') parts.push(`自${longDate(shanghai(step.since).date)}起`)
  if (step.state === 'active' || step.state === 'ahead') parts.push(timeText(step))
  parts.push(...(step.remarks ?? []))
  for (const decision of step.decisions) {
    parts.push(
      `${decision.person}于${longDate(civilOf(decision.at))}${decision.outcome}${decision.opinion ? `（${decision.opinion}）` : ''}`,
    )
  }
  return parts.join('，')
}

function returnsOf(path: ProcedurePath, step: PathStep): string {
  const targets = path.edges.filter((edge) => edge.kind === 'return' && edge.from === step.id)
  if (targets.length === 0) return ''
  return `，可退回至${targets.map((edge) => path.steps.find((one) => one.id === edge.to)?.title ?? edge.to).join('、')}`
}

/** Cuts a text to a width counted in Chinese characters; the whole stands in the step's name. */
function fit(text: string, ems: number): string {
  let used = 0
  let cut = ''
  for (const character of text) {
    used += character.charCodeAt(0) < 0x2000 ? 0.56 : 1
    if (used > ems) return `${cut}…`
    cut += character
  }
  return cut
}

function anchorOf(step: PathStep): string {
  return `#step-${encodeURIComponent(step.id)}`
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}
