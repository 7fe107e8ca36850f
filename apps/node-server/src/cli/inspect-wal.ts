import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import {
  CorruptLogError,
  type FoundSnapshot,
  findSnapshots,
  type InspectedRecord,
  type Inspection,
  inspect,
  nodeDisk,
} from '@quorail/raft-core/wal'
import { exitCodes } from './exit-codes.ts'
import { inspectionText, recordLine, type WalFolder } from './inspect-wal-text.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage-error.ts'

export const inspectWalHelp = `quorail inspect-wal FOLDER [--records] [--json]

Says what is in a write-ahead log: whose it is, where it begins and ends, its segments, the snapshots
beside it, and the first damage. Changes nothing. FOLDER is a node's data folder or its log folder.

  --records  every record, one line each
  --json     one object: superblock, segments, obsolete, records, log, damage, refusal, snapshots; with
             --records also recordList

While the node runs, its last record may look torn: it is being written.

Exit codes: 0 the node would open it (perhaps after cutting off a torn write); 1 it would refuse it, or
there is no log; 2 wrong arguments.`

export async function inspectWal(words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(words)
  if (values.help) {
    process.stdout.write(`${inspectWalHelp}\n`)
    return exitCodes.done
  }
  const [given] = positionals
  if (given === undefined || positionals.length > 1)
    throw new UsageError('Say one FOLDER to inspect.')
  if (!existsSync(given) || !statSync(given).isDirectory())
    throw new UsageError(`There is no folder ${given}.`)
  try {
    const records: InspectedRecord[] = []
    const found = await read(logFolderOf(given), (record) => {
      if (values.records && values.json) records.push(record)
      else if (values.records) process.stdout.write(`${recordLine(record)}\n`)
    })
    if (values.json) {
      const shown = values.records ? { ...found.log, recordList: records } : found.log
      print({ ...shown, folder: found.folder, snapshots: found.snapshots })
    } else process.stdout.write(`${inspectionText(found).join('\n')}\n`)
    return found.log?.refusal === undefined && found.log !== undefined
      ? exitCodes.done
      : exitCodes.failed
  } catch (error) {
    if (values.json && error instanceof CorruptLogError) {
      const { file, offset, reason } = error
      print({ refusal: { file, offset, reason } })
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return exitCodes.failed
  }
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      records: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}

/** A node keeps its log in `log`, inside its data folder. */
function logFolderOf(given: string): string {
  const inside = path.join(given, 'log')
  return existsSync(path.join(inside, 'superblock')) ? inside : given
}

async function read(
  folder: string,
  onRecord: (record: InspectedRecord) => void,
): Promise<WalFolder> {
  const disk = nodeDisk(folder)
  const log = await new Promise<Inspection | undefined>((resolve, reject) => {
    inspect(disk, onRecord, (error, found) =>
      error === undefined ? resolve(found) : reject(error),
    )
  })
  const snapshots = await new Promise<readonly FoundSnapshot[]>((resolve, reject) => {
    findSnapshots(disk, (error, found) => (error === undefined ? resolve(found) : reject(error)))
  })
  return { folder, log, snapshots }
}

/** The bytes of config entries as hexadecimal digits. */
function print(value: unknown): void {
  const text = JSON.stringify(
    value,
    (_key, part: unknown) =>
      part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
    2,
  )
  process.stdout.write(`${text}\n`)
}
