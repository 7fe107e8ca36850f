import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import type { FeedProblems } from './feed-problem.ts'
import { plainText } from './field-values.ts'

/** The files of a feed that the import reads; all others are left alone. */
const wanted = new Set([
  'agency.txt',
  'stops.txt',
  'routes.txt',
  'trips.txt',
  'stop_times.txt',
  'calendar.txt',
  'calendar_dates.txt',
  'frequencies.txt',
  'transfers.txt',
  'areas.txt',
  'stop_areas.txt',
  'feed_info.txt',
  'fare_attributes.txt',
  'fare_products.txt',
])
/** Unpacked bytes of all files together: what a small machine takes, and a zip bomb does not pass. */
const maxBytes = 1 << 30

export interface FeedFiles {
  /** By plain file name. */
  readonly bytes: ReadonlyMap<string, Uint8Array>
  /** The source's name and a hash of what was read, for the record. */
  readonly description: string
}

/** Reads a zip file or a folder; undefined, with a problem reported, where it is neither. */
export function readFeedFiles(path: string, problems: FeedProblems): FeedFiles | undefined {
  const name = basename(path)
  try {
    const bytes = statSync(path).isDirectory() ? readFolder(path) : readZip(path)
    if (bytes.size === 0) {
      problems.add(name, 0, '', 'holds none of the files of a GTFS feed')
      return undefined
    }
    return { bytes, description: `${plainText(name, 200)} sha256:${hashOf(bytes)}` }
  } catch (error) {
    problems.add(name, 0, '', `can not be read: ${(error as Error).message}`)
    return undefined
  }
}

function readFolder(path: string): Map<string, Uint8Array> {
  const files = readdirSync(path).filter((file) => wanted.has(file))
  checkSize(files.reduce((sum, file) => sum + statSync(join(path, file)).size, 0))
  return new Map(files.map((file) => [file, readFileSync(join(path, file))]))
}

/** A feed packed together with its folder is read too; two files of one name are not. */
function readZip(path: string): Map<string, Uint8Array> {
  const bytes = readFileSync(path)
  if (strFromU8(bytes.subarray(0, 2), true) !== 'PK') throw new Error('it is not a zip file')
  let total = 0
  const entries = unzipSync(bytes, {
    filter: (entry) => {
      if (entry.name.startsWith('__MACOSX/') || !wanted.has(basename(entry.name))) return false
      total += entry.originalSize
      checkSize(total)
      return true
    },
  })
  const files = new Map<string, Uint8Array>()
  for (const [entry, content] of Object.entries(entries)) {
    const name = basename(entry)
    if (files.has(name)) throw new Error(`${name} is in it twice`)
    files.set(name, content)
  }
  return files
}

function checkSize(total: number): void {
  if (total > maxBytes) throw new Error(`it unpacks to more than ${maxBytes} bytes`)
}

function hashOf(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256')
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name) ?? new Uint8Array()
    hash.update(`${name} ${content.length}\n`).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}
