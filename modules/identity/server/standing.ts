import type { DutyId } from '@tongchou/kernel'
import { administrators } from './post.permissions.ts'
import type { SecuritySettings } from './security-settings.schema.ts'

/** What somebody who has signed in must do before anything else is open to them. */
export type Unfinished = 'initial-password' | 'expired-password' | 'second-factor'

/** What of an account and its post decides that. */
export interface Standing {
  must_change: boolean
  published_password: boolean
  password_changed_at: Date
  second_factor: string | null
  duties: readonly DutyId[]
}

const dayMs = 24 * 60 * 60 * 1000

/** The first thing that is left to do; null when nothing is. */
export function unfinishedOf(standing: Standing, settings: SecuritySettings, now: Date): Unfinished | null {
  if (standing.must_change) return 'initial-password'
  const left = passwordDaysLeft(standing, settings, now)
  if (left !== null && left <= 0) return 'expired-password'
  return standing.second_factor === null && requiresSecondFactor(standing, settings) ? 'second-factor' : null
}

/** Days until the password has to be changed (口令剩余天数); null where none has to be: a published one has no age. */
export function passwordDaysLeft(
  standing: Pick<Standing, 'published_password' | 'password_changed_at'>,
  settings: Pick<SecuritySettings, 'passwordMaxAgeDays'>,
  now: Date,
): number | null {
  if (settings.passwordMaxAgeDays === 0 || standing.published_password) return null
  return Math.ceil((standing.password_changed_at.getTime() + settings.passwordMaxAgeDays * dayMs - now.getTime()) / dayMs)
}

/** The three administrators (三员) sign in with two factors where the city asks for it; whoever holds a published password has none to protect. */
export function requiresSecondFactor(
  standing: Pick<Standing, 'published_password' | 'duties'>,
  settings: Pick<SecuritySettings, 'secondFactorForAdministrators'>,
): boolean {
  const administers = standing.duties.some((duty) => administrators.includes(duty))
  return settings.secondFactorForAdministrators && administers && !standing.published_password
}
