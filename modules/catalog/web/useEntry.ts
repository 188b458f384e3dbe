import { ApiProblem, apiPost, apiPut } from '@tongchou/api-client'
import {
  DraftSaver,
  type FormField,
  type FormValues,
  plainValues,
  type SaveAttempt,
  type SavedDraft,
  type SaveStanding,
  type StepFormState,
  useStepForm,
} from '@tongchou/ui'
import { useEffect, useRef, useState } from 'react'
import type { Resource } from './catalog-api.ts'
import { toContent } from './content-values.ts'
import { type FieldChoices, resourceFields } from './fields.ts'

/** An entry being written: what is typed, and how far it is saved. */
export interface EntryState {
  form: StepFormState
  standing: SaveStanding
  saved: SavedEntry | null
  isDirty: () => boolean
  flush: () => Promise<SavedEntry | null>
}

/** What is being written, as the server has it: an entry, or a change of one. */
export type SavedEntry = SavedDraft & Pick<Resource, 'id' | 'version' | 'updatedAt'>

/** How what is written is saved, and what of it is said beside the content. */
export interface EntryKeeping {
  save: (attempt: SaveAttempt<SavedEntry>) => Promise<SavedEntry>
  fields: readonly FormField[]
  beside: (data: Readonly<Record<string, unknown>>) => object
}

const asEntry: EntryKeeping = { save, fields: [], beside: () => ({}) }

/** Saves an entry as it is typed (边填边存), from its name on; a draft may be incomplete. */
export function useEntry(
  initial: FormValues,
  resource: SavedEntry | undefined,
  choicesOf: (values: FormValues) => FieldChoices,
  { save: keep, fields, beside }: EntryKeeping = asEntry,
): EntryState {
  const form = useStepForm((values) => [...fields, ...resourceFields(values, choicesOf(values))], initial)
  const [{ standing, saved }, setStanding] = useState<{ standing: SaveStanding; saved: SavedEntry | null }>({
    standing: resource === undefined ? { kind: 'kept' } : { kind: 'saved', at: resource.updatedAt },
    saved: resource ?? null,
  })
  const text = JSON.stringify(plainValues(form.fields, form.values))
  const [saver] = useState(
    () => new DraftSaver<SavedEntry>(keep, (now, last) => setStanding({ standing: now, saved: last }), resource ?? null, text),
  )
  const body = form.troubles.length === 0 ? { secrecy: false, ...toContent(form.data), ...beside(form.data) } : null
  const latest = useRef(body)
  latest.current = body
  useEffect(() => saver.offer(text, latest.current), [saver, text])
  useEffect(() => () => saver.stop(), [saver])
  useEffect(() => {
    const retry = () => void saver.flush()
    window.addEventListener('online', retry)
    return () => window.removeEventListener('online', retry)
  }, [saver])
  return { form, standing, saved, isDirty: () => saver.isDirty, flush: () => saver.flush() }
}

async function save({ target, body, key }: SaveAttempt<SavedEntry>): Promise<SavedEntry> {
  if (target === null) return apiPost<Resource>('/api/v1/catalog/resources', body, { idempotencyKey: key })
  return apiPut<Resource>(`/api/v1/catalog/resources/${target.id}`, { ...body, version: target.version }, { idempotencyKey: key })
}

/** Fields that the server would not save, at their places. */
export function refusedFields(standing: SaveStanding): { path: string; message: string }[] {
  return standing.kind === 'refused' && standing.error instanceof ApiProblem ? [...standing.error.fields] : []
}
