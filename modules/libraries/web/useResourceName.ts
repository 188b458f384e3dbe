import { useApi } from '@tongchou/ui'

/** What a collected resource is called in the catalog; undefined until it is read, or where this post may not read it. */
export function useResourceName(id: string): string | undefined {
  return useApi<{ content: { name: string } }>(`/api/v1/catalog/resources/${id}`).data?.content.name
}
