/** What a command answers to the shell. */
const exitCodes = { done: 0, findings: 1, usage: 2, failure: 3 } as const

interface Command {
  /** The words that call it, as in `tongchou policy check`. */
  words: readonly string[]
  summary: string
  run: (args: string[]) => Promise<number>
}

// Each command is loaded when it is called: `policy check` starts without a database driver.
const commands: readonly Command[] = [
  {
    words: ['policy', 'check'],
    summary: '运行各制度包自带的示例，列出逐条覆盖情况',
    run: async (args) => (await import('./policy.ts')).runPolicyCheck(args),
  },
  {
    words: ['catalog', 'validate'],
    summary: '按目录规则校验目录文件（xlsx、csv、json），列出问题和改法',
    run: async (args) => (await import('./catalog.ts')).runCatalogValidate(args),
  },
  {
    words: ['audit', 'verify'],
    summary: '校验审计日志链和存证树，指出第一个不成立的位置',
    run: async (args) => (await import('./audit.ts')).runAuditVerify(args),
  },
  {
    words: ['audit', 'heads'],
    summary: '输出审计日志的链头和签名头，供外部保存',
    run: async (args) => (await import('./audit.ts')).runAuditHeads(args),
  },
  {
    words: ['audit', 'remove'],
    summary: '校验归档包，并从日志中移除其中的记录',
    run: async (args) => (await import('./audit.ts')).runAuditRemove(args),
  },
  {
    words: ['compare'],
    summary: '按主键逐行比对两份数据，列出差异',
    run: async (args) => (await import('./compare.ts')).runCompare(args),
  },
  ...(
    [
      ['run', '运行前置程序：读取本部门的数据，签名后报送中心'],
      ['check', '核对前置程序的配置、密钥、令牌、中心和来源'],
      ['status', '前置程序各通道的待发批次、最近回执，各订阅的接收进度，以及问题'],
      ['key', '生成或显示前置程序的签名密钥'],
      ['sql', '输出来源库、目标库需执行的语句'],
      ['load', '使订阅在下次启动时从头全量加载'],
      ['reconcile', '立即与中心对账，不一致的重报并复核'],
    ] as const
  ).map(([act, summary]) => ({
    words: ['agent', act],
    summary,
    run: async (args: string[]) => (await import('@tongchou/agent')).runAgentCommand(act, args),
  })),
  {
    words: ['synthetic'],
    summary: '生成部门的合成演示数据，写成 CSV 或写入部门的 PostgreSQL',
    run: async (args) => (await import('./synthetic.ts')).runSynthetic(args),
  },
  {
    words: ['evidence', 'verify'],
    summary: '校验存证凭证，不连接服务和数据库',
    run: async (args) => (await import('./evidence.ts')).runEvidenceVerify(args),
  },
  {
    words: ['backup'],
    summary: '备份数据库，试恢复并逐表比对后成立；服务可同时运行',
    run: async (args) => (await import('./backup.ts')).runBackup(args),
  },
  {
    words: ['restore'],
    summary: '校验备份，恢复到空的数据库，逐表比对，开始新任期',
    run: async (args) => (await import('./restore.ts')).runRestore(args),
  },
  {
    words: ['keys', 'show'],
    summary: '列出密钥文件中的密钥编号和签名公钥指纹',
    run: async (args) => (await import('./keys.ts')).runKeysShow(args),
  },
  {
    words: ['keys', 'rotate'],
    summary: '更换密钥，下次启动时启用，已加密的数据重新加密',
    run: async (args) => (await import('./keys.ts')).runKeysRotate(args),
  },
  {
    words: ['keys', 'prune'],
    summary: '从密钥文件中清除不再使用的旧密钥',
    run: async (args) => (await import('./keys.ts')).runKeysPrune(args),
  },
  {
    words: ['keys', 'forget'],
    summary: '密钥文件丢失后，取消以其加密的动态口令',
    run: async (args) => (await import('./keys.ts')).runKeysForget(args),
  },
  {
    words: ['admin', 'create'],
    summary: '建立系统管理员账号，用于空库的第一次登录',
    run: async (args) => (await import('./admin.ts')).runAdmin(['create', ...args]),
  },
]

const usage = [
  '用法：tongchou <命令> [--json]',
  '',
  ...commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(16)}${summary}`),
  '',
  '退出码：0 完成，1 有发现，2 用法有误，3 执行失败。',
].join('\n')

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  return exitCodes.failure
})

async function main(args: string[]): Promise<number> {
  const asked = args.filter((arg) => !arg.startsWith('-'))
  const command = commands.find(({ words }) => words.every((word, index) => asked[index] === word))
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage)
    return exitCodes.done
  }
  if (!command) return refuse(args, asked.length === 0 ? '没有给出命令' : `没有“${asked.join(' ')}”这个命令`)
  try {
    return await command.run(withoutWords(args, command.words))
  } catch (error) {
    return await fail(args, error)
  }
}

/** The arguments behind the command's own words; an option may stand before them. */
function withoutWords(args: readonly string[], words: readonly string[]): string[] {
  const rest = [...args]
  for (const word of words) rest.splice(rest.indexOf(word), 1)
  return rest
}

function refuse(args: readonly string[], reason: string): number {
  if (args.includes('--json')) console.log(JSON.stringify({ code: 'usage', message: reason }))
  else console.error(`${reason}。\n\n${usage}`)
  return exitCodes.usage
}

async function fail(args: readonly string[], error: unknown): Promise<number> {
  const { startupProblemOf } = await import('@tongchou/kernel')
  const problem = startupProblemOf(error)
  const message = problem?.message ?? (error instanceof Error ? error.message : String(error))
  if (args.includes('--json'))
    console.log(JSON.stringify({ code: problem?.code ?? 'failure', message, ...(problem ? { cure: problem.cure } : {}) }))
  else console.error(problem ? `${message}\n${problem.cure}` : error)
  return exitCodes.failure
}
