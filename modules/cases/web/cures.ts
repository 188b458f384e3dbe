import type { Finding } from '@tongchou/api-client'
import type { Cure } from '@tongchou/ui'

/** Where the system itself can cure a finding on a subject; the rest show their cure as text. */
export function cureOf(finding: Finding, subject: { kind: string; id: string }): Cure | undefined {
  if (subject.kind !== 'project') return undefined
  if (finding.facts.some((fact) => fact.startsWith('catalog.'))) return { label: '查看资源目录', href: `/catalog?projectId=${subject.id}` }
  if (finding.facts.some((fact) => fact === 'project.deployment' || fact === 'project.cityBrainConnected'))
    return { label: '查看信息系统', href: `/systems?projectId=${subject.id}` }
  return undefined
}
