import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { type AgentCity, agentCity, type Department, households } from './agent-city.ts'
import { type GivenMariadb, givenMariadb } from './mariadb.given.ts'

const given = await givenMariadb()
const database = 'notRun' in given ? undefined : await testDatabase()
const city = database && (await agentCity(database))
const soon = { timeout: 15_000, interval: 30 }
let number = 0

/** The tests of this file, each with a department, or by name as not run where there is no MariaDB (`npm run test:mysql`). */
function withMariadb(name: string, work: (world: World) => Promise<void>) {
  test(name, async (context) => {
    if ('notRun' in given) return context.skip(given.notRun)
    if (!city || !database) throw new Error('no city')
    const resource = `households-${++number}`
    const table = `household_${number}`
    const running: { stop(): Promise<unknown> }[] = []
    const rows = async () => (await city.records(resource)).map(([key, head]) => `${key}=${head}`)
    try {
      await work({
        ...{ city, maria: given, resource, table },
        department: () => city.department(resource),
        source: (capture, user = 'reader') => `kind: mysql\nurl: ${given.urlOf(user, 'geheim')}\ntable: ${table}\n${capture}`,
        start(department, yaml) {
          const agent = department.start(yaml)
          running.push(agent)
          return agent
        },
        arrives: async (...expected) => void (await expect.poll(rows, soon).toEqual(expected)),
        async spoilt() {
          const found = await database.owner.query('select text from libraries.bad_line where resource = $1 order by at, line', [resource])
          return found.rows.map(({ text }) => JSON.parse(text) as string)
        },
      })
    } finally {
      for (const agent of running) await agent.stop().catch(() => undefined)
    }
  })
}

interface World {
  city: AgentCity
  maria: GivenMariadb
  resource: string
  table: string
  department(): Promise<Department>
  source(capture: string, user?: string): string
  start(department: Department, yaml: string): ReturnType<Department['start']>
  arrives(...expected: string[]): Promise<void>
  spoilt(): Promise<string[]>
}

afterAll(async () => {
  await city?.close()
  if (!('notRun' in given)) await given.close()
})

if (!('notRun' in given)) {
  await given.query(`create user reader@localhost identified by 'geheim';
    grant select on minzheng.* to reader@localhost; create user stranger@localhost identified by 'geheim'`)
}

const items = { i1: 'id', i2: 'head', i3: 'changed_at' }
const columns = 'id varchar(15) primary key, head varchar(20) not null, changed_at datetime not null default current_timestamp'

withMariadb('every type arrives as it is: digits, days, moments, yes and no, characters of four bytes and of GBK', async (world) => {
  const { city, maria, resource, table } = world
  const definition = households(resource, {
    items: [
      { id: 'i1', title: '编号', type: { kind: 'text', length: 15 }, required: true },
      { id: 'i2', title: '金额', type: { kind: 'decimal', digits: 20, scale: 4 }, required: false },
      { id: 'i3', title: '序号', type: { kind: 'integer' }, required: false },
      { id: 'i4', title: '在保', type: { kind: 'flag' }, required: false },
      { id: 'i5', title: '出生日期', type: { kind: 'date' }, required: false },
      { id: 'i6', title: '登记时间', type: { kind: 'instant' }, required: false },
      { id: 'i7', title: '变更时间', type: { kind: 'instant' }, required: false },
      { id: 'i8', title: '姓名', type: { kind: 'text', length: 10 }, required: false },
      { id: 'i9', title: '住址', type: { kind: 'text', length: 10 }, required: false },
      { id: 'i10', title: '停保日期', type: { kind: 'date' }, required: false },
    ],
  })
  await city.install(definition)
  await maria.query(`create table ${table} (id varchar(15) primary key, amount decimal(20,4), n bigint, active tinyint(1), born date,
    noted datetime(3), changed timestamp null, name varchar(10), address varchar(10) character set gbk, ended datetime)`)
  await maria.query(
    `insert into ${table} values
     ('A', 1234567890123456.7891, 9007199254740993, 1, '1899-12-31', '2026-03-02 09:30:00.250', '2026-03-02 09:30:00', '𠮷野', '乌海', '2026-01-09'),
     ('B', -0.5, -1, 0, '2026-01-09', '1988-07-01 12:00:00', null, null, null, null)`,
  )
  const department = await world.department()
  const names = ['id', 'amount', 'n', 'active', 'born', 'noted', 'changed', 'name', 'address', 'ended']
  world.start(
    department,
    department.yaml(world.source('capture: scan'), Object.fromEntries(names.map((name, i) => [`i${i + 1}`, name])), 'every: 50ms'),
  )
  const log = async () => (await city.log(resource)).map(([, ...change]) => change)
  await expect.poll(log, soon).toEqual([
    [
      ...['upsert', 'A', '1234567890123456.7891', '9007199254740993', 'true', '1899-12-31', '2026-03-02T01:30:00.25Z'],
      ...['2026-03-02T01:30:00Z', '𠮷野', '乌海', '2026-01-09'],
    ],
    // In 1988 clocks in China showed summer time.
    ['upsert', 'B', '-0.5000', '-1', 'false', '2026-01-09', '1988-07-01T03:00:00Z', null, null, null, null],
  ])
  await maria.query(`update ${table} set active = 0 where id = 'A'`)
  await maria.query(`delete from ${table} where id = 'B'`)
  await world.arrives('A=1234567890123456.7891')
})

withMariadb(
  'a watermark meets equal and late time stamps by its overlap, deletions by the reading of everything, and none from the future stops it',
  async (world) => {
    const { city, maria, resource, table } = world
    await city.install(households(resource))
    await maria.query(`create table ${table} (${columns})`)
    await maria.query(`insert into ${table} values ('A', '甲', now()), ('F', '误', now() + interval 10 day)`)
    const department = await world.department()
    const yaml = department.yaml(world.source('capture: watermark\ncolumn: changed_at\noverlap: 1h'), items, 'every: 30ms\nrescan: 1d')
    const agent = world.start(department, yaml)
    await world.arrives('A=甲', 'F=误')
    await maria.query(`insert into ${table} values ('B', '乙', now() - interval 30 minute), ('C', '丙', now())`)
    await world.arrives('A=甲', 'B=乙', 'C=丙', 'F=误')
    await agent.stop()
    await maria.query(`insert into ${table} values ('D', '丁', '2001-01-01')`)
    await maria.query(`delete from ${table} where id = 'A'`)
    world.start(department, yaml.replace('rescan: 1d', 'rescan: 300ms'))
    await world.arrives('B=乙', 'C=丙', 'D=丁', 'F=误')
  },
)

withMariadb('a zero date is set aside by name and its record not taken for gone; the others go on', async (world) => {
  const { city, maria, resource, table } = world
  await city.install(households(resource))
  await maria.query(`create table ${table} (${columns})`)
  await maria.query(`insert into ${table} values ('A', '甲', now()), ('B', '乙', now())`)
  const department = await world.department()
  world.start(department, department.yaml(world.source('capture: scan'), items, 'every: 30ms'))
  await world.arrives('A=甲', 'B=乙')
  await maria.query(`update ${table} set changed_at = 0, head = '甲二' where id = 'A'`)
  await maria.query(`update ${table} set head = '乙二' where id = 'B'`)
  await world.arrives('A=甲', 'B=乙二')
  expect(await world.spoilt()).toEqual([expect.stringMatching(/changed_at 为零日期（0000-00-00.*A，甲二/)])
})

withMariadb(
  'a column and a table that are gone, a right that was taken and a server that is away are named without the password, and it goes on',
  async (world) => {
    const { city, maria, resource, table } = world
    await city.install(households(resource))
    await maria.query(`create table ${table} (${columns})`)
    await maria.query(`insert into ${table} values ('A', '甲', now())`)
    const department = await world.department()
    const agent = world.start(department, department.yaml(world.source('capture: scan'), items, 'every: 30ms'))
    await world.arrives('A=甲')
    const said = (text: string) => expect.poll(() => agent.log.join(''), soon).toContain(text)
    await maria.query(`alter table ${table} rename column head to leader`)
    await said('source.column_missing')
    await maria.query(`alter table ${table} rename column leader to head, modify id varchar(20)`)
    await said('来源列 id 的类型由 varchar(15) 变为 varchar(20)')
    await maria.query(`rename table ${table} to moved_${table}`)
    await said(`来源库没有表 ${table}`)
    await maria.query(`rename table moved_${table} to ${table}`)
    await maria.kill()
    await said('不能读取来源库')
    await maria.start()
    await maria.query(`insert into ${table} values ('B', '乙', now())`)
    await world.arrives('A=甲', 'B=乙')
    expect(agent.log.join('')).not.toContain('geheim')
    const checked = await department.command('check', department.yaml(world.source('capture: scan', 'stranger'), items, '', 'other'))
    expect([checked.code, checked.out]).toEqual([1, expect.stringContaining('不存在，或没有权限')])
  },
)
