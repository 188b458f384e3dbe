import { sql } from 'kysely'
import type { IdentityDb } from './identity.tables.ts'
import { type CommonSettings, defaultSettings, type SecuritySettings } from './security-settings.schema.ts'

const key = 'identity.security'

/** What is stored once somebody has changed a setting. */
export interface StoredSettings {
  settings: Partial<SecuritySettings>
  version: number
  changedBy: string
}

/** The stored row as a column of another query: what a request is judged by comes with one round to the database. */
export const storedSettings = sql<StoredSettings | null>`(select value from kernel.setting where key = ${key})`

/** With the default for what has not been set. */
export function inForce(stored: StoredSettings | null | undefined, demo: boolean): Readonly<SecuritySettings> {
  return stored ? { ...defaultSettings(demo), ...stored.settings } : untouched[demo ? 'demo' : 'city']
}

/** Every request is judged by the settings, and most cities keep those that they begin with. */
const untouched = { demo: Object.freeze(defaultSettings(true)), city: Object.freeze(defaultSettings(false)) }

export async function findSettings(db: IdentityDb, demo: boolean): Promise<SecuritySettings> {
  return inForce((await findStoredSettings(db))?.value, demo)
}

/** The settings that are the same in every city until they are changed: rules of passwords, lock-out, terms. */
export function findCommonSettings(db: IdentityDb): Promise<CommonSettings> {
  return findSettings(db, false)
}

export async function findStoredSettings(db: IdentityDb): Promise<{ value: StoredSettings; updated_at: Date } | undefined> {
  const row = await db.selectFrom('kernel.setting').select(['value', 'updated_at']).where('key', '=', key).executeTakeFirst()
  return row && { value: row.value as unknown as StoredSettings, updated_at: row.updated_at }
}

/** False when somebody else has changed the settings since `version`. */
export async function putSettings(db: IdentityDb, stored: StoredSettings, at: Date): Promise<boolean> {
  const value = JSON.stringify(stored)
  const row = await db
    .insertInto('kernel.setting')
    .values({ key, value, updated_at: at })
    .onConflict((c) =>
      c
        .column('key')
        .doUpdateSet({ value, updated_at: at })
        .where(sql<boolean>`(setting.value ->> 'version')::int = ${stored.version - 1}`),
    )
    .returning('key')
    .executeTakeFirst()
  return row !== undefined
}
