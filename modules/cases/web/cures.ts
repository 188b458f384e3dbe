import type { Finding } from '@tongchou/api-client'
import type { Cure } from '@tongchou/ui'

/** Registers that answer a fact of a project, by how its name begins. */
const registers: readonly { facts: readonly string[]; label: string; href: string }[] = [
  { facts: ['catalog.'], label: '查看资源目录', href: '/catalog' },
  {
    facts: [
      'project.deployment',
      'project.cityBrainConnected',
      'project.standardInterface',
      'project.dataShared',
      'project.securityAssured',
    ],
    label: '查看信息系统',
    href: '/systems',
  },
  { facts: ['rectification.', 'payment.hold'], label: '查看监督整改', href: '/problems' },
  { facts: ['builder.recordsWithheld'], label: '查看资料提供情况记录', href: '/withheld-records' },
]

/** Where the system itself can cure a finding on a subject: the register, narrowed to the project. The rest show their cure as text. */
export function cureOf(finding: Pick<Finding, 'facts'>, subject: { kind: string; id: string }): Cure | undefined {
  if (subject.kind !== 'project') return undefined
  const register = registers.find(({ facts }) => finding.facts.some((fact) => facts.some((start) => fact.startsWith(start))))
  return register && { label: register.label, href: `${register.href}?projectId=${subject.id}` }
}
