/** How far building a collected resource is (建库情况). */
export const installationWords = { installed: '已建库', refused: '不能建库', failed: '建库未完成' } as const

/** Kinds of resources by how their records live. */
export const kindWords = { state: '按主键更新', event: '只追加' } as const
