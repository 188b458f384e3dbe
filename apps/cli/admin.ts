import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createAccount, createOrganisation, createPerson, createPost, newInitialPassword, organisationsPort } from '@tongchou/identity'
import { type Ctx, DomainError, inTransaction, systemActor } from '@tongchou/kernel'
import { type DatabaseLocation, locationHere, withDatabase } from './database.ts'

const usage = `用法：tongchou admin create --username 用户名 [--name 姓名] [--organisation 机构标识] [--password-stdin] [--json]

  --username        登录名，3 至 48 个字母、数字、点、连字符或下划线
  --name            姓名，默认“系统管理员”
  --organisation    所在机构的标识，默认 platform；不存在时以“平台管理”为名设立
  --password-stdin  从标准输入读取口令；不给出时生成初始口令，只显示一次，首次登录须修改
`

/** Where the command reads and writes; a test gives its own. */
export interface AdminTerminal {
  write: (text: string) => void
  complain: (text: string) => void
  readPassword: () => Promise<string>
}

const terminal: AdminTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  readPassword: async () => {
    process.stdin.setEncoding('utf8')
    let text = ''
    for await (const part of process.stdin) text += part
    return text.replace(/\r?\n$/, '')
  },
}

interface Options {
  username: string
  name: string
  organisation: string
  passwordStdin: boolean
  json: boolean
}

/**
 * `tongchou admin create`: opens the account of a system administrator, the first one above all: over HTTP only an administrator can.
 * Answers with the exit code: 0 done, 2 wrong usage, 3 failure.
 */
export async function runAdmin(
  args: readonly string[],
  { write, complain, readPassword }: AdminTerminal = terminal,
  location: DatabaseLocation = locationHere(),
): Promise<number> {
  const options = optionsOf(args)
  if (typeof options === 'string') {
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message: options })}\n` : `${options}。\n\n${usage}`)
    return 2
  }
  const typed = options.passwordStdin ? await readPassword() : undefined
  const password = typed ?? newInitialPassword()
  try {
    await withDatabase(location, (db) => {
      const ctx: Ctx = { db, actor: systemActor, now: () => new Date(), requestId: randomUUID(), inside: false }
      return createAdministrator(ctx, options, { password, mustChange: typed === undefined })
    })
  } catch (error) {
    // What the platform refuses is told as it says it; anything else is for the caller.
    if (!(error instanceof DomainError)) throw error
    complain(options.json ? `${JSON.stringify({ code: error.code, message: error.message })}\n` : `${error.message}\n`)
    return 3
  }
  const shown = typed === undefined ? { username: options.username, initialPassword: password } : { username: options.username }
  write(options.json ? `${JSON.stringify(shown)}\n` : textOf(shown))
  return 0
}

function createAdministrator(ctx: Ctx, options: Options, credential: { password: string; mustChange: boolean }): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    if (!(await organisationsPort.organisation(tx, options.organisation)))
      await createOrganisation(tx, { id: options.organisation, name: '平台管理', kind: 'other' })
    const person = await createPerson(tx, { name: options.name })
    await createPost(tx, { personId: person.id, organisationId: options.organisation, title: '系统管理员', duties: ['system-admin'] })
    await createAccount(tx, { personId: person.id, username: options.username, credential })
  })
}

function textOf({ username, initialPassword }: { username: string; initialPassword?: string }): string {
  if (initialPassword === undefined) return `已开通系统管理员账号“${username}”。\n`
  return `已开通系统管理员账号“${username}”。\n初始口令：${initialPassword}\n初始口令只显示这一次，首次登录须修改。\n`
}

function optionsOf(args: readonly string[]): Options | string {
  const parsed = parse(args)
  if (typeof parsed === 'string') return parsed
  const { values, positionals } = parsed
  if (positionals.join(' ') !== 'create') return '没有这个命令'
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{2,47}$/.test(values.username ?? '')) return '用户名未给出或格式不符'
  if (!/\S/.test(values.name) || values.name.length > 50) return '姓名应为 1 至 50 个字'
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(values.organisation)) return '机构标识应以小写字母开头，由小写字母、数字和连字符组成'
  return {
    username: values.username ?? '',
    name: values.name,
    organisation: values.organisation,
    passwordStdin: values['password-stdin'],
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        username: { type: 'string' },
        name: { type: 'string', default: '系统管理员' },
        organisation: { type: 'string', default: 'platform' },
        'password-stdin': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch {
    return '选项无法识别'
  }
}
