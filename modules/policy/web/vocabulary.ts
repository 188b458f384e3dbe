// SPDX-License-Identifier: Apache-2.0
import { dutyName, useApi } from '@tongchou/ui'
import { useMemo } from 'react'

interface VocabularyAnswer {
  acts: { id: string; title: string }[]
  roles: { id: string; title: string }[]
  facts: { name: string; title: string }[]
}

/** The Chinese words for what rules and steps name by id; an id without a word is shown as it is. */
export interface Words {
  act: (id: string) => string
  /** The office that bears a duty: 市大数据中心. */
  office: (duty: string) => string
  fact: (name: string) => string
}

/** The words of the vocabulary. Until they have been read, ids stand for themselves. */
export function useWords(): Words {
  const { data } = useApi<VocabularyAnswer>('/api/v1/policy-vocabulary')
  return useMemo(() => {
    const acts = new Map(data?.acts.map(({ id, title }) => [id, title]))
    const roles = new Map(data?.roles.map(({ id, title }) => [id, title]))
    const facts = new Map(data?.facts.map(({ name, title }) => [name, title]))
    return {
      act: (id: string) => acts.get(id) ?? id,
      office: (duty: string) => roles.get(duty) ?? dutyName(duty),
      fact: (name: string) => facts.get(name) ?? name,
    }
  }, [data])
}
