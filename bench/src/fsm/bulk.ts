/** How long the longest entries of bulk work take, and what an archived booking weighs. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { number, type Table } from '../harness/report.ts'

export const BULK = 'bulk work'
const RUNS = 12

export interface Bulk {
  readonly works: Readonly<Record<string, BulkWork>>
  readonly archived: number
  readonly bytesPerArchived: number
}
export interface BulkWork {
  readonly entries: number
  readonly longestMs: number
  readonly longestCpuMs: number
}

export function measureBulk(): Bulk {
  const script = path.join(import.meta.dirname, 'bulk-entries.ts')
  const words = ['--expose-gc', script, String(RUNS)]
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Bulk work failed: ${stderr}`)
  return JSON.parse(stdout) as Bulk
}

export function bulkTable({ works, archived, bytesPerArchived }: Bulk): Table {
  return {
    title: `Bulk work on ${RUNS} runs of 800 bookings and 400 who wait`,
    columns: ['what', 'entries', 'longest, ms', 'of it processor time'],
    rows: [
      ...Object.entries(works).map(([kind, { entries, longestMs, longestCpuMs }]) => [
        kind,
        number(entries),
        number(longestMs),
        number(longestCpuMs),
      ]),
      ['bytes of an archived booking', number(archived), number(bytesPerArchived), ''],
    ],
  }
}
