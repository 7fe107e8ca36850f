import type { Table } from './rows.ts'
export const tables: readonly Table[] = []
