import { QueryView, Section, Sideways, saveFile, useApi } from '@tongchou/ui'
import { Button } from 'antd'
import { type ConfiguredItem, configOf } from './agent-config.ts'
import type { Channel } from './exchange-api.ts'

/** 前置程序配置: what the department's agent needs to know of this channel, ready to be saved; where the records come from is the department's to fill in. */
export function AgentConfig({ channel }: { channel: Channel }) {
  const query = useApi<{ content: { items: ConfiguredItem[] } }>(`/api/v1/catalog/resources/${channel.resource.id}`)
  return (
    <Section title="前置程序配置">
      <QueryView query={query} what="信息项">
        {({ content }) => {
          const text = configOf(window.location.origin, channel.id, content.items)
          return (
            <>
              <p className="tc-muted">存为前置机上的 agent.yaml，按本单位的数据来源改写 source；冒号后为来源的列名，与来源不同的改写。</p>
              <Sideways label="agent.yaml">
                <pre className="tc-config">{text}</pre>
              </Sideways>
              <Button onClick={() => saveFile('agent.yaml', new Blob([text], { type: 'text/yaml' }))}>下载 agent.yaml</Button>
            </>
          )
        }}
      </QueryView>
    </Section>
  )
}
