/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A text as a field of a CSV: '' is "", so that it is not NULL. */
export function csvField(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The column of a relation: columns are known by side and position, never by a name that somebody else chose. */
export function column(prefix: string, position: number): string {
  return `${prefix}${position}`
}
