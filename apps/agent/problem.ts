/** What keeps the agent from going on, in words for whoever runs it: what is the matter, and what to do. */
export class AgentProblem extends Error {
  readonly code: string
  readonly cure: string
  constructor(code: string, message: string, cure: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.cure = cure
  }
}

/** What is the matter, as a problem: of what nobody foresaw, its own message. */
export function problemOf(error: unknown): AgentProblem {
  if (error instanceof AgentProblem) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const full = code === 'ENOSPC' || (code === 'ERR_SQLITE_ERROR' && (error as { errcode?: number }).errcode === 13)
  if (full)
    return new AgentProblem(
      'disk.full',
      '前置程序所在磁盘已满，暂停读取来源；已暂存的批次仍在，未读取的仍在来源。',
      '请清理磁盘，程序将自动继续。',
      {
        cause: error,
      },
    )
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new AgentProblem('disk.no_access', `没有权限：${String((error as Error).message)}。`, '请检查数据目录的权限。', { cause: error })
  return new AgentProblem('failure', error instanceof Error ? error.message : String(error), '请查看日志，或将日志交市大数据中心。', {
    cause: error,
  })
}
