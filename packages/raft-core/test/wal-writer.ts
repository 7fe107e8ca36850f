/**
 * A process that writes to a log until it is killed: `node wal-writer.ts FOLDER`. It prints `open N`
 * with what it found, then `done N` after entry N was acknowledged.
 */
import { writeSync } from 'node:fs'
import { LogSession, logWrite } from '../src/testing/log-history.ts'
import { FOUNDING } from '../src/testing/log-store-suite.ts'
import { nodeDisk, openWriteAheadLog } from '../src/wal/index.ts'
import { writerEntry } from './logs.ts'

const disk = nodeDisk(process.argv[2] as string)
const log = await LogSession.open(
  openWriteAheadLog({ disk, founding: FOUNDING, segmentBytes: 64 * 1024 }),
)
let index = log.restored.lastIndex
writeSync(1, `open ${index}\n`)
for (let writer = 0; writer < 8; writer++) void write()

async function write(): Promise<void> {
  for (;;) {
    const entry = writerEntry(++index)
    const hardState = { term: 1, votedFor: 'n1', commitIndex: log.restored.hardState.commitIndex }
    await log.write(logWrite({ id: entry.index, entries: [entry], hardState }))
    writeSync(1, `done ${entry.index}\n`)
  }
}
