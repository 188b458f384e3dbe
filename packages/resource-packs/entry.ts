import { type Entry, entryOf, itemOf } from '@tongchou/metadata'
import { described } from './item-type.ts'
import type { PackItem, PackResource } from './pack.ts'

/**
 * The catalog entry that a pack's resource begins as (目录条目草稿). Who provides it, who answers for it and which class it has below 项 is left to the
 * department: a pack cannot know.
 */
export function entryFromPack({ title, entry, items, table }: PackResource): Entry {
  const { ext = {}, ...elements } = entry
  const blank = entryOf({ name: title })
  return {
    ...blank,
    ...elements,
    name: title,
    containsPersonal: items.some(({ file }) => file.sensitivity === 'personal' || file.sensitivity === 'sensitive-personal'),
    containsSensitive: items.some(({ file }) => file.sensitivity === 'sensitive' || file.sensitivity === 'sensitive-personal'),
    ext: { ...blank.ext, ...ext },
    items: items.map((item) => entryItem(item, table)),
  }
}

function entryItem({ id, title, column, type, isKey, file, table: codes }: PackItem, table: string) {
  const { sensitivity = 'general', masking = null, sharing = null, sharingCondition = null, sharingReason = null } = file
  const { grade = null, gradeReason = null, isTimestamp = false } = file
  return itemOf({
    ...described(type, codes),
    id,
    name: title,
    code: column,
    isKey,
    isTimestamp,
    sensitivity,
    masking,
    sharing,
    sharingCondition,
    sharingReason,
    grade,
    gradeReason,
    isOwn: true,
    sourceTable: table,
  })
}
