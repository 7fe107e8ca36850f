/** `quorail inspect-wal` as an operator runs it. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { nodeDisk, openWriteAheadLog } from '@quorail/raft-core/wal'
import { afterEach, beforeEach, expect, test } from 'vitest'

const GENESIS = { clusterId: '12'.repeat(16), members: ['n1', 'n2', 'n3'] }
const MEMBERSHIP = {
  voters: ['n1', 'n2', 'n3'],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
  promote: [],
}

let dataFolder: string
const segment = () => path.join(dataFolder, 'log', '0000000001.wal')

beforeEach(async () => {
  dataFolder = mkdtempSync(path.join(tmpdir(), 'quorail-inspect-'))
  const founding = { genesis: GENESIS, incarnation: '34'.repeat(16) }
  const log = openWriteAheadLog({ disk: nodeDisk(path.join(dataFolder, 'log')), founding })
  await new Promise<void>((resolve, reject) => {
    const nothing = { truncateFrom: undefined, genesis: undefined, peers: [], base: undefined }
    const data = new Uint8Array(20)
    const entries = [1, 2, 3].map((index) => ({ index, term: 2, kind: 'command' as const, data }))
    const hardState = { term: 2, votedFor: 'n3', commitIndex: 2 }
    const mark = { index: 1, term: 2, membership: MEMBERSHIP, configIndex: 0 }
    const then = (next: () => void) => (error: Error | undefined) =>
      error === undefined ? next() : reject(error)
    log.open((error) => {
      if (error !== undefined) return reject(error)
      log.write({ id: 1, ...nothing, entries, hardState }, () => {
        const base = { mark, reset: false }
        const compaction = { id: 2, ...nothing, entries: [], hardState: undefined, base }
        log.write(
          compaction,
          then(() => log.close(then(resolve))),
        )
      })
    })
  })
})

afterEach(() => rmSync(dataFolder, { recursive: true }))

function quorail(...words: readonly string[]) {
  const main = path.join(import.meta.dirname, '..', 'main.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'inspect-wal', ...words], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('a good log, by the data folder or its own', () => {
  const { status, stdout } = quorail(dataFolder, '--records')
  expect(stdout).toContain(`cluster     ${GENESIS.clusterId}, founded by n1, n2, n3`)
  expect(stdout).toContain('begins      behind entry 1 of term 2: voters n1, n2, n3')
  expect(stdout).toContain('entries     2 to 3 (term 2 from 2)')
  expect(stdout).toContain('state       term 2, vote for n3, committed up to 2')
  expect(stdout).toMatch(
    /record 1, .* checkpoint at entry 0\n.*entries 1 to 3.*\n.*compaction up to 1/,
  )
  expect(stdout).toContain('No damage.')
  expect(status).toBe(0)
  expect(quorail(path.join(dataFolder, 'log')).stdout).toContain('No damage.')
})

test('for programs', () => {
  const { status, stdout } = quorail(dataFolder, '--json', '--records')
  expect(JSON.parse(stdout)).toMatchObject({
    superblock: { incarnation: '34'.repeat(16), firstSegment: 1, segments: 1 },
    log: { base: { index: 1 }, lastIndex: 3, hardState: { votedFor: 'n3' } },
    records: 3,
    recordList: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3, bases: [{ reset: false }] }],
    snapshots: [],
  })
  expect(status).toBe(0)
})

test('a torn write is told from damage, by the exit code too; nothing is changed', () => {
  appendFileSync(segment(), 'half of a rec')
  const torn = quorail(dataFolder)
  expect(torn.stdout).toMatch(/Torn write in 0000000001.wal at byte \d+: .* cut off/)
  expect(torn.status).toBe(0)
  const bytes = readFileSync(segment())
  bytes.writeUInt8(bytes.readUInt8(150) ^ 1, 150)
  writeFileSync(segment(), bytes)
  const damaged = quorail(dataFolder)
  expect(damaged.stdout).toMatch(/DAMAGED in 0000000001.wal at byte 80: .*keep the folder/)
  expect(damaged.status).toBe(1)
  const { refusal } = JSON.parse(quorail(dataFolder, '--json').stdout) as { refusal: unknown }
  expect(refusal).toMatchObject({ file: '0000000001.wal', offset: 80 })
  expect(readFileSync(segment())).toEqual(bytes)
})

test('no superblock, no log, no folder', () => {
  writeFileSync(path.join(dataFolder, 'log', 'superblock'), 'rubbish')
  const { status, stderr } = quorail(dataFolder)
  expect([status, stderr]).toEqual([1, expect.stringContaining('corrupt in superblock')])
  rmSync(path.join(dataFolder, 'log'), { recursive: true })
  expect(quorail(dataFolder)).toMatchObject({ status: 1, stdout: expect.stringMatching(/no log/) })
  expect(quorail(path.join(dataFolder, 'none')).status).toBe(2)
  expect(quorail().status).toBe(2)
  expect(quorail('--help').stdout).toContain('Exit codes:')
})
