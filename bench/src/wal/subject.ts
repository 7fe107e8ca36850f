import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileSystem } from '../harness/file-system.ts'
import { guardFolder } from '../harness/guard.ts'
import { compare, type Measurement, measure } from '../harness/measure.ts'
import { type Findings, number, type Table, verdict } from '../harness/report.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { COMMAND_BYTES } from '../raft/members.ts'
import { bareCase, bareName, walCase, walName } from './cases.ts'

const WRITERS = [1, 64, 256]
/** design: 64 writers, against the bare loop with the same grouping. */
const TARGET = { writers: 64, ratio: 0.8 }

export const walSubject: Subject = {
  options: {
    folder: 'DIR: a folder on the disk to measure, instead of the one for temporary files',
  },
  pace: { seconds: 5, rounds: 7 },
  run,
}

async function run(request: Request): Promise<Findings> {
  const { folder: parent = tmpdir() } = request.options
  if (!existsSync(parent)) throw new UsageError(`--folder: ${parent} is not there.`)
  const folder = mkdtempSync(path.join(parent, 'quorail-bench-'))
  guardFolder(folder)
  try {
    return await runIn(folder, request)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, request: Request): Promise<Findings> {
  const cases = WRITERS.flatMap((writers) => [
    bareCase(folder, writers),
    walCase(folder, writers),
  ]).filter(({ name }) => name.includes(request.only))
  if (cases.length === 0) throw new UsageError(`No case has "${request.only}" in its name.`)
  const flushesBefore = deviceFlushes()
  const measured = await measure(cases, request.pace, request.progress)
  const flushes = flushesBefore === undefined ? undefined : (deviceFlushes() ?? 0) - flushesBefore
  const find = (name: string) => measured.find((one) => one.name === name)
  const bare = find(bareName(TARGET.writers))
  const wal = find(walName(TARGET.writers))
  const kind = fileSystem(folder)
  return {
    tables: [speedTable(measured), ratioTable(find)],
    verdicts:
      bare === undefined || wal === undefined
        ? []
        : [
            verdict('write-ahead log of bare loop, 64 writers', compare(wal, bare).wall, 'times', {
              atLeast: TARGET.ratio,
            }),
          ],
    notes: notesOf(kind, flushes),
    measurements: measured,
    figures: { fileSystem: kind, deviceFlushes: flushes },
  }
}

function speedTable(measured: readonly Measurement[]): Table {
  return {
    title: `Writes of ${COMMAND_BYTES} bytes made durable, closed loop; latency in milliseconds`,
    columns: [
      'case',
      'writes/s',
      'CPU µs each',
      'syncs',
      'writes/sync',
      'syncs/s',
      'p50',
      'p99',
      'most',
    ],
    rows: measured.map((one) => {
      const { syncs = 0 } = one.counts
      const writes = one.rounds.reduce((sum, { operations }) => sum + operations, 0)
      const seconds = one.rounds.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0)
      return [
        one.name,
        number(one.perSecond.median),
        number(one.cpuMicrosPerOperation),
        syncs.toLocaleString('en'),
        number(writes / syncs),
        number(syncs / seconds),
        ...(one.latencyMs === undefined
          ? []
          : [one.latencyMs.p50, one.latencyMs.p99, one.latencyMs.max].map(number)),
      ]
    }),
  }
}

function ratioTable(find: (name: string) => Measurement | undefined): Table {
  return {
    title: 'The log in proportion to the bare loop (median of the rounds)',
    columns: ['writers', 'writes/s', 'writes per CPU second'],
    rows: WRITERS.flatMap((writers) => {
      const bare = find(bareName(writers))
      const wal = find(walName(writers))
      if (bare === undefined || wal === undefined) return []
      const { wall, cpu } = compare(wal, bare)
      return [[String(writers), number(wall), number(cpu)]]
    }),
  }
}

function notesOf(kind: string, flushes: number | undefined): readonly string[] {
  const notes = [
    'Both make every write durable with fdatasync before it is answered, and let what waits share the next one.',
    'Syncs are counted at the disk port, not by the log itself.',
  ]
  if (flushes !== undefined) {
    notes.push(
      `The kernel counted ${flushes.toLocaleString('en')} flushes of its devices meanwhile (of all processes).`,
    )
  }
  if (kind === 'tmpfs') {
    notes.push('! The folder is in memory (tmpfs): fdatasync does nothing there. Use --folder.')
  }
  return notes
}

/** Flush requests that the devices have completed, where the kernel counts them (Linux 5.5). */
function deviceFlushes(): number | undefined {
  try {
    const lines = readFileSync('/proc/diskstats', 'utf8').trim().split('\n')
    const flushes = lines.map((line) => Number(line.trim().split(/\s+/)[18] ?? Number.NaN))
    const counted = flushes.filter((count) => Number.isFinite(count))
    return counted.length === 0 ? undefined : counted.reduce((sum, count) => sum + count, 0)
  } catch {
    return undefined
  }
}
