// SPDX-License-Identifier: Apache-2.0
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { apiPut } from '@tongchou/api-client'
import { useLayoutEffect, useSyncExternalStore } from 'react'
import { useAct, useApi } from './data.ts'

/** 字号 and 对比度. */
export interface Display {
  textSize: 'normal' | 'large' | 'larger'
  contrast: 'normal' | 'high'
}

/** A named set of filters of one list (常用筛选). */
export interface SavedView {
  name: string
  filters: Readonly<Record<string, string>>
}

/** 个人设置 of the account, the same on every machine. */
export interface Preferences extends Display {
  /** A channel as a whole, and what is declined on it while it is wished. */
  noticeWishes: { sms: boolean; mail: boolean; declined?: Readonly<Record<'sms' | 'mail', readonly string[]>> }
  /** By the id of the list. */
  savedViews: Readonly<Record<string, readonly SavedView[]>>
  /** Keys of the columns that are not shown, by the id of the list. */
  hiddenColumns: Readonly<Record<string, readonly string[]>>
  /** The post at which a sign-in begins; null for the one used last. */
  defaultPost: string | null
}

export interface PreferencesState {
  /** Undefined while they are being read. */
  preferences: Preferences | undefined
  /** The reading itself, for the page that is about nothing else. */
  query: UseQueryResult<Preferences, Error>
  /** Changes the parts that are given; the others stay. */
  change: UseMutationResult<Preferences, Error, Partial<Preferences>>
}

/** The settings of whoever is signed in, and the way to change them. */
export function usePreferences(): PreferencesState {
  const query = useApi<Preferences>('/api/v1/me/preferences')
  const change = useAct((input: Partial<Preferences>, key) => apiPut<Preferences>('/api/v1/me/preferences', input, { idempotencyKey: key }))
  return { preferences: query.data, query, change }
}

/** Puts text size and contrast on the root element (`data-text-size`, `data-contrast`) before the page is painted. Styles do the rest. */
export function useDisplay(display: Display | undefined): void {
  const { textSize, contrast } = display ?? { textSize: 'normal', contrast: 'normal' }
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    dataset.textSize = textSize
    dataset.contrast = contrast
  }, [textSize, contrast])
}

/** Where the styles change to the phone's. */
const PHONE = '(max-width: 640px)'

/** Whether the page is shown at a phone's width. */
export function usePhone(): boolean {
  return useSyncExternalStore(watchWidth, () => window.matchMedia(PHONE).matches)
}

function watchWidth(changed: () => void): () => void {
  const phone = window.matchMedia(PHONE)
  phone.addEventListener('change', changed)
  return () => phone.removeEventListener('change', changed)
}
