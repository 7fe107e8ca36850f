import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarise } from '../harness/measure.ts'
import { cpuStages, type ProfileNode, sharesOf, sourceStage, stageOfSource } from './attribution.ts'
import { cpuStageNotes, cpuStageTable, stageMicros } from './cpu-stages.ts'

const root = path.join(import.meta.dirname, '../../..')
/** All of our own that a node runs. */
const sources = ['booking-fsm', 'cluster-client', 'proto', 'raft-core'].map(
  (name) => `packages/${name}/src`,
)

test.each(['apps/node-server/src', ...sources])(
  'every folder and file of %s belongs to a stage',
  (folder) => {
    const all = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    const urls = all
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => `file://${path.join(entry.parentPath, entry.name)}`)
    expect(urls.length).toBeGreaterThan(0)
    expect(urls.filter((url) => sourceStage(url) === undefined)).toEqual([])
  },
)

test('the table names nothing that is not there, and nothing twice', () => {
  const beginnings = stageOfSource.map(([beginning]) => beginning)
  expect(beginnings.filter((one) => !existsSync(path.join(root, one)))).toEqual([])
  expect(new Set(beginnings).size).toBe(beginnings.length)
})

test('what is built belongs where its source does; libraries and Node nowhere by themselves', () => {
  const wal = 'packages/raft-core/dist/wal/appending.js'
  expect(sourceStage(`file:///a/quorail/${wal}`)).toBe('log write')
  expect(sourceStage('file:///a/node_modules/b/packages/raft-core/src/index.js')).toBeUndefined()
  expect(sourceStage('node:internal/http2/core')).toBeUndefined()
})

const file = (name: string) => `file:///quorail/${name}`
const node = (
  id: number,
  functionName: string,
  url: string,
  hitCount: number,
  ...children: number[]
): ProfileNode => ({ id, callFrame: { functionName, url }, hitCount, children })

const profile = [
  node(1, '(root)', '', 0, 2, 3, 4, 5, 8, 11),
  node(2, '(idle)', '', 1_000),
  node(3, '(garbage collector)', '', 10),
  node(4, '(program)', '', 20),
  node(5, 'apply', file('packages/booking-fsm/dist/apply.js'), 30, 6),
  // Both work for `apply`: one is built in, the other Node's.
  node(6, 'sort', '', 5, 7),
  node(7, 'from', 'node:buffer', 5),
  node(8, 'send', file('apps/node-server/src/peers/outbox.ts'), 0, 9),
  node(9, 'encode', file('packages/raft-core/dist/codec/writer.js'), 15, 10),
  node(10, 'toBinary', file('node_modules/@bufbuild/protobuf/dist/to-binary.js'), 5),
  node(11, 'nobody', 'evalmachine.<anonymous>', 10),
]

describe('samples', () => {
  test('belong to the innermost function with a stage; idle ones to none', () => {
    const shares = sharesOf(profile)
    const found = Object.entries(shares).filter(([, share]) => share > 0)
    expect(Object.fromEntries(found)).toEqual({
      ...{ 'GC, compiler': 0.1, 'event loop, kernel': 0.2, apply: 0.4 },
      ...{ 'replication out': 0.2, other: 0.1 },
    })
  })

  test('of Node’s HTTP/2 are for the other nodes where no client asks', () => {
    const read = [node(1, '(root)', '', 0, 2), node(2, 'onRead', 'node:internal/http2/core', 4)]
    expect(sharesOf(read)['HTTP/2, decode']).toBe(1)
    expect(sharesOf(read, false)['replication in']).toBe(1)
  })

  test('of a thread that did nothing are none', () => {
    expect(new Set(Object.values(sharesOf([node(1, '(idle)', '', 9)])))).toEqual(new Set([0]))
  })

  test('are scaled to the time that was measured; other threads are a stage each', () => {
    const counts = {
      operations: 100,
      'leader first thread micros': 10_000,
      'leader SQLite micros': 1_000,
      'leader libuv pool micros': 2_000,
      'leader V8 micros': 3_000,
      'leader others micros': 4_000,
    }
    const round = { operations: 100, wallSeconds: 1, cpuSeconds: 1, counts }
    const micros = stageMicros(summarise('a case', 'operations', [round]), {
      leader: sharesOf(profile),
    })
    const { leader } = micros
    expect(leader?.apply).toBeCloseTo(40)
    expect(leader?.['rows to SQLite']).toBeCloseTo(10)
    expect(leader?.['log write']).toBeCloseTo(20)
    expect(leader?.['GC, compiler']).toBeCloseTo(10 + 30)
    const { rows } = cpuStageTable('a case', micros)
    expect(rows.map(([stage]) => stage)).toEqual([...cpuStages, 'together'])
    expect(rows.at(-1)).toEqual(['together', '200', '0.00', '200'])
    // A tenth of the first thread is nobody's, of all threads less.
    expect(cpuStageNotes('a case', micros)).toEqual([])
    const nobodys = { leader: { ...leader, other: 100 } as NonNullable<typeof leader> }
    expect(cpuStageNotes('a case', nobodys)).toEqual([
      '! 34 % of the processor time of a case belongs to no stage.',
    ])
  })
})
