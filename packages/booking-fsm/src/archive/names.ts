/** The name of the table that takes the rows of this one. */
export function archivedName(table: string): string {
  return `archived_${table}`
}
