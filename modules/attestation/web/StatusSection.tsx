import { Facts, Moment, QueryView, Section, StateWord, useApi } from '@tongchou/ui'
import { type EvidenceStatus, troubleWords } from './evidence-api.ts'

/** 存证状态: what waits, what was signed last and by which key, what does not work. */
export function StatusSection() {
  const query = useApi<EvidenceStatus>('/api/v1/evidence/status')
  return (
    <Section title="存证状态">
      <QueryView query={query} what="存证状态" lines={4}>
        {(status) => (
          <>
            {status.troubles.map(({ about, since }) => (
              <p key={about} className="tc-evidence-fails" role="alert">
                自 <Moment at={since} text />：{troubleWords[about]}
              </p>
            ))}
            <Facts
              items={[
                { label: '存证树', value: `${status.leaves} 叶` },
                { label: '待写入', value: waitingOf(status) },
                { label: '最近签署', value: status.head ? <Moment at={status.head.at} /> : '尚未签署' },
                { label: '待签名', value: `${status.unsigned} 叶` },
                ...(status.head
                  ? [{ label: '最近的树根（SM3）', value: <span className="tc-evidence-hash">{status.head.root}</span>, wide: true }]
                  : []),
              ]}
            />
            <Keys keys={status.keys} />
          </>
        )}
      </QueryView>
    </Section>
  )
}

function waitingOf({ unsealed, unplaced }: EvidenceStatus): string {
  if (unsealed + unplaced === 0) return '无'
  return [unsealed > 0 && `审计记录 ${unsealed} 条`, unplaced > 0 && `批次 ${unplaced} 个`].filter(Boolean).join('，')
}

function Keys({ keys }: { keys: EvidenceStatus['keys'] }) {
  return (
    <>
      <h3>签名公钥指纹（SM3）</h3>
      <p className="tc-muted">SM2 软件签名。请抄录指纹另处保存，用于核验凭证和签名头是本平台签署的。</p>
      <ul className="tc-evidence-keys">
        {keys.map(({ fingerprint, since, inUse }) => (
          <li key={fingerprint}>
            <span className="tc-evidence-hash">{fingerprint}</span>{' '}
            <StateWord text={inUse ? '当前' : '曾用'} tone={inUse ? 'good' : 'plain'} /> 自 <Moment at={since} text />
          </li>
        ))}
      </ul>
    </>
  )
}
