/**
 * One node's log on a real disk, and nothing around it: checks what it finds, says up to where, and writes on until it
 * is killed. `node storage-worker.ts FOLDER`; prints `has N`, then `done N` for each write that is durable.
 */
import { writeSync } from 'node:fs'
import type { Entry, LogWrite } from '@quorail/raft-core'
import { nodeDisk, openWriteAheadLog } from '@quorail/raft-core/wal'

const folder = process.argv[2] ?? ''
const founding = {
  genesis: { clusterId: '0123456789abcdef0123456789abcdef', members: ['n1'] },
  incarnation: 'fedcba9876543210fedcba9876543210',
}
const underWay = 4
const readBytes = 4 * 1024 * 1024

const log = openWriteAheadLog({ disk: nodeDisk(folder), founding, segmentBytes: 256 * 1024 })

/** Every entry is known by its index. */
function entry(index: number): Entry {
  const data = new Uint8Array((index * 7_919) % 1_500).fill(index % 251)
  return { index, term: 1, kind: 'command', data }
}

function say(text: string): void {
  writeSync(1, `${text}\n`)
}

log.open((error, restored) => {
  if (error !== undefined) throw error
  check(restored.firstIndex, restored.lastIndex)
})

function check(from: number, last: number): void {
  if (from > last) {
    say(`has ${last}`)
    let next = last + 1
    const write = (): void => {
      const first = next
      next += 1 + (first % 5)
      const entries = Array.from({ length: next - first }, (_none, at) => entry(first + at))
      const hardState = { term: 1, votedFor: 'n1', commitIndex: first - 1 }
      const parts: LogWrite = {
        ...{ id: first, truncateFrom: undefined, entries, hardState },
        ...{ base: undefined, genesis: undefined, peers: [] },
      }
      log.write(parts, (error) => {
        if (error !== undefined) throw error
        say(`done ${first + entries.length - 1}`)
        write()
      })
    }
    for (let nth = 0; nth < underWay; nth++) write()
    return
  }
  log.readEntries(from, last, readBytes, (error, entries) => {
    if (error !== undefined) throw error
    for (const found of entries) {
      const should = entry(found.index)
      if (Buffer.compare(found.data, should.data) !== 0) throw new Error(`wrong: ${found.index}`)
    }
    check(from + entries.length, last)
  })
}
