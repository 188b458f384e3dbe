// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { civilOf, longDate, shanghai } from './dates.ts'
import { formatYuan } from './money.ts'
import './paper.css'

/** One line of a table of a paper. */
export interface PaperLine {
  label: string
  value: ReactNode
}

/** A signed opinion as it stands on a paper: the office and the name as they were then. */
export interface PaperOpinion {
  step: string
  outcome: string
  opinion: string | null
  organisation: string
  person: string
  duty: string
  at: string
  /** What was filled in with it. */
  lines?: readonly PaperLine[]
}

export interface PaperFile {
  fileName: string
  byteCount: number
  sha256: string
}

/** A part of a paper (公文要素): what stands where. A paper is a list of them. */
export type PaperPart =
  | { kind: 'prose'; title?: string; to?: string; paragraphs: readonly string[] }
  | { kind: 'lines'; title: string; lines: readonly PaperLine[] }
  | { kind: 'table'; title: string; columns: readonly { title: string; right?: boolean }[]; rows: readonly (readonly ReactNode[])[] }
  | { kind: 'opinions'; title: string; opinions: readonly PaperOpinion[] }
  | { kind: 'files'; title: string; files: readonly PaperFile[] }

export interface PaperProps {
  title: string
  /** A paper that is issued has a red head: who issues it, under which number. A record of form has none. */
  issued?: { issuer: string; number: string | null } | undefined
  parts: readonly PaperPart[]
  /** Who signs, and the day. */
  sign?: { offices: readonly string[]; on: string } | undefined
  /** When this was printed out of the system, and by whom. */
  foot?: string | undefined
}

/** An official paper (公文) or a record of form (办件单) as a sheet, printed by the reader's own browser. */
export function Paper({ title, issued, parts, sign, foot }: PaperProps) {
  useEffect(() => {
    document.documentElement.dataset.paper = ''
    return () => {
      delete document.documentElement.dataset.paper
    }
  }, [])
  return (
    <article className="tc-paper" aria-label={title}>
      {issued && (
        <div className="tc-paper-head">
          <div className="tc-paper-issuer">{issued.issuer}文件</div>
          <div className="tc-paper-number">{issued.number ?? '（未编号）'}</div>
        </div>
      )}
      <h2>{title}</h2>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a paper neither move nor change
        <Part key={index} part={part} />
      ))}
      {sign && (
        <div className="tc-paper-sign">
          {sign.offices.map((office) => (
            <p key={office}>{office}</p>
          ))}
          <p>{longDate(civilOf(sign.on))}</p>
        </div>
      )}
      {foot && <p className="tc-paper-foot">{foot}</p>}
    </article>
  )
}

function Part({ part }: { part: PaperPart }) {
  return (
    <section>
      {part.title && <h3>{part.title}</h3>}
      <Content part={part} />
    </section>
  )
}

function Content({ part }: { part: PaperPart }) {
  switch (part.kind) {
    case 'prose':
      return (
        <div className="tc-paper-prose">
          {part.to && <p className="tc-paper-to">{part.to}：</p>}
          {part.paragraphs.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )
    case 'lines':
      return <Lines label={part.title} lines={part.lines} />
    case 'table':
      return (
        <table aria-label={part.title}>
          <thead>
            <tr>
              {part.columns.map((column) => (
                <th key={column.title} scope="col" className={column.right ? 'tc-right' : undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {part.rows.length === 0 && (
              <tr>
                <td colSpan={part.columns.length}>无</td>
              </tr>
            )}
            {part.rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row of a paper has no other name
              <tr key={at}>
                {part.columns.map((column, index) => (
                  <td key={column.title} className={column.right ? 'tc-right' : undefined}>
                    {row[index]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )
    case 'opinions':
      return part.opinions.length === 0 ? <p>无</p> : <Opinions label={part.title} opinions={part.opinions} />
    case 'files':
      return part.files.length === 0 ? <p>无</p> : <Files files={part.files} />
  }
}

function Lines({ label, lines }: { label: string; lines: readonly PaperLine[] }) {
  return (
    <table aria-label={label}>
      <tbody>
        {lines.map((line) => (
          <tr key={line.label}>
            <th scope="row" className="tc-paper-label">
              {line.label}
            </th>
            <td>{line.value === null || line.value === undefined || line.value === '' ? '未填写' : line.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Opinions({ label, opinions }: { label: string; opinions: readonly PaperOpinion[] }) {
  return (
    <table aria-label={label}>
      <tbody>
        {opinions.map((one) => (
          <tr key={`${one.step} ${one.at}`}>
            <th scope="row" className="tc-paper-label">
              {one.step}
            </th>
            <td>
              <p className="tc-paper-opinion">
                {one.outcome}
                {one.opinion && `：${one.opinion}`}
              </p>
              {one.lines?.map((line) => (
                <p key={line.label}>
                  {line.label}：{line.value}
                </p>
              ))}
              <p className="tc-paper-signed">
                {one.organisation}　{one.person}（{one.duty}）　{paperMoment(one.at)}
              </p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Files({ files }: { files: readonly PaperFile[] }) {
  return (
    <table aria-label="附件清单">
      <tbody>
        {files.map((file, index) => (
          <tr key={file.sha256}>
            <th scope="row" className="tc-paper-label">
              附件 {index + 1}
            </th>
            <td>
              <p>
                {file.fileName}（{file.byteCount.toLocaleString('zh-CN')} 字节）
              </p>
              <p className="tc-paper-digest">SHA-256 {file.sha256}</p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A moment as papers write it: 2026年1月9日 10:35. */
export function paperMoment(at: string): string {
  return `${longDate(civilOf(at))} ${shanghai(at).time}`
}

/** Where a paper came from and when, for its last line. */
export function paperFoot(now: string, by: string): string {
  return `本件由统筹平台于 ${paperMoment(now)} 生成，打印人：${by}。以平台内记录为准。`
}

/** An amount on a paper, exact: 800,000.00 元. */
export function paperMoney(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? '未填写' : `${formatYuan(fen)} 元`
}

/** Prints the page (打印) once every font that it needs is there: a font that comes late prints as nothing. */
export function PrintButton() {
  const print = async () => {
    await document.fonts.ready
    window.print()
  }
  return (
    <Button type="primary" onClick={() => void print()}>
      打印
    </Button>
  )
}
