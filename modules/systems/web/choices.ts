import type { ListPage } from '@tongchou/api-client'
import { type PlainField, useApi } from '@tongchou/ui'

interface Named {
  id: string
  name: string
}

/** Words as the choices of a field. */
export function choicesOf(words: Readonly<Record<string, string>>): { value: string; title: string }[] {
  return Object.entries(words).map(([value, title]) => ({ value, title }))
}

/** Units of the directory, for a field. */
export function useUnits(): { value: string; title: string }[] {
  const query = useApi<ListPage<Named>>('/api/v1/organisations', { limit: 200 })
  return (query.data?.items ?? []).map(({ id, name }) => ({ value: id, title: name }))
}

/** Projects this post may read, for a field or a filter. */
export function useProjects(): { value: string; title: string }[] {
  const query = useApi<ListPage<Named>>('/api/v1/projects', { limit: 200 })
  return (query.data?.items ?? []).map(({ id, name }) => ({ value: id, title: name }))
}

/** A field of a form, with what most of them have in common. */
export function field(id: string, title: string, rest: Partial<Pick<PlainField, 'required' | 'help'>> & FieldKind): PlainField {
  return { id, title, required: true, help: null, ...rest }
}

type FieldKind =
  | { type: 'text' | 'prose'; maxLength: number }
  | { type: 'date' }
  | { type: 'count'; minimum: number; maximum: number }
  | { type: 'choice'; choices: readonly { value: string; title: string }[] }
