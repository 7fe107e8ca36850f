import { rmSync } from 'node:fs'
import path from 'node:path'
import type { RestoredLog } from '@quorail/raft-core'
import { makeEntry } from '@quorail/raft-core/core'
import { nodeDisk, openWriteAheadLog, type WriteAheadLog } from '@quorail/raft-core/wal'
import type { Case } from '../harness/measure.ts'
import { Durations, sampled } from '../harness/sample.ts'
import { command, GENESIS, incarnationOf } from '../raft/members.ts'
import { BareLoop } from './bare-loop.ts'
import { CountingDisk } from './counting-disk.ts'

/** Hands over one write; `done` is called when it is durable. */
type Write = (done: () => void) => void

export const bareName = (writers: number): string => `bare write+fdatasync, ${called(writers)}`
export const walName = (writers: number): string => `write-ahead log, ${called(writers)}`
const called = (writers: number) => (writers === 1 ? '1 writer' : `${writers} writers`)

let files = 0

export function bareCase(folder: string, writers: number): Case {
  return {
    name: bareName(writers),
    unit: 'writes',
    run: async (seconds) => {
      const file = path.join(folder, `bare-${files++}`)
      const loop = new BareLoop(file)
      const sample = await sampled(async () => {
        const latenciesMs = await writeFor(seconds, writers, (done) => loop.write(command, done))
        return { operations: latenciesMs.length, latenciesMs, counts: { syncs: loop.syncs } }
      })
      loop.close()
      rmSync(file)
      return sample
    },
  }
}

/** One entry of the same size in each write, as from 64 callers that each wait for their own. */
export function walCase(folder: string, writers: number): Case {
  return {
    name: walName(writers),
    unit: 'writes',
    run: async (seconds) => {
      const place = path.join(folder, `log-${files++}`)
      const disk = new CountingDisk(nodeDisk(place))
      const log = openWriteAheadLog({
        disk,
        founding: { genesis: GENESIS, incarnation: incarnationOf('n1') },
      })
      await opened(log)
      const before = disk.syncs
      const sample = await sampled(async () => {
        const latenciesMs = await writeFor(seconds, writers, entryWriter(log))
        return {
          operations: latenciesMs.length,
          latenciesMs,
          counts: { syncs: disk.syncs - before },
        }
      })
      await closed(log)
      rmSync(place, { recursive: true })
      return sample
    },
  }
}

function entryWriter(log: WriteAheadLog): Write {
  let index = 0
  return (done) => {
    index++
    const write = {
      id: index,
      truncateFrom: undefined,
      entries: [makeEntry(index, 1, 'command', command)],
      hardState: index === 1 ? { term: 1, votedFor: undefined, commitIndex: 0 } : undefined,
      base: undefined,
      genesis: undefined,
      peers: [],
    }
    log.write(write, (error) => {
      if (error !== undefined) throw error
      done()
    })
  }
}

/** Each writer writes again as soon as its last write is durable, until the time is over. */
async function writeFor(seconds: number, writers: number, write: Write): Promise<Float64Array> {
  const latencies = new Durations()
  const until = performance.now() + seconds * 1000
  const writer = () =>
    new Promise<void>((resolve) => {
      let began = performance.now()
      const again = () =>
        write(() => {
          const now = performance.now()
          latencies.add(now - began)
          began = now
          if (now < until) again()
          else resolve()
        })
      again()
    })
  await Promise.all(Array.from({ length: writers }, writer))
  return latencies.taken()
}

const opened = (log: WriteAheadLog): Promise<RestoredLog> =>
  new Promise((resolve, reject) => {
    log.open((error, restored) => (error === undefined ? resolve(restored) : reject(error)))
  })

const closed = (log: WriteAheadLog): Promise<void> =>
  new Promise((resolve, reject) => {
    log.close((error) => (error === undefined ? resolve() : reject(error)))
  })
