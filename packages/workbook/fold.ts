/** Everything that people add to a heading or leave out of it: marks of what is required, colons, spaces, brackets, quotes. */
const DECORATION = /[\s*＊:：;；,，.。、·\-_—/\\|()（）[\]【】〔〕{}<>《》“”"'‘’]/g
/** What stands in brackets is often a hint: 名称（必填）. */
const BRACKETED = /\([^()]*\)|\[[^[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|《[^《》]*》/g

/** A heading or a label as it is compared: NFKC, small letters, without decoration (表头归一). */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(DECORATION, '')
}

/** The same without what stands in brackets; undefined when nothing is left or nothing was in brackets. */
export function foldedWithoutHints(text: string): string | undefined {
  const normal = text.normalize('NFKC')
  const bare = folded(normal.replace(BRACKETED, ''))
  return bare !== '' && bare !== folded(normal) ? bare : undefined
}
