import type { Value } from './rows.ts'
export interface RowHash {
  readonly low: number
  readonly high: number
}
export function rowHash(_table: string, _values: readonly Value[]): RowHash {
  throw new Error('soon')
}
