/** A node whose log is damaged comes back on the same machine, as an operator does it. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { startBooking } from './booking-load.ts'
import { eventually } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

async function quorail(...words: string[]) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...words])
    return { code: 0, out: stdout, told: '' }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, told: stderr }
  }
}

/** A bit in the middle of what was confirmed. */
function damage(logFolder: string): string {
  const segment = readdirSync(logFolder).find((name) => name.endsWith('.wal')) ?? ''
  const file = path.join(logFolder, segment)
  const bytes = readFileSync(file)
  const end = bytes.findLastIndex((byte) => byte !== 0)
  bytes.writeUInt8(bytes.readUInt8(end >> 1) ^ 0x40, end >> 1)
  writeFileSync(file, bytes)
  return segment
}

test('a damaged log is given up only when that is said, and the node comes back while the others sell', async () => {
  await using cluster = await TestCluster.start()
  const asOperator = ['--cluster', cluster.cluster, '--data', cluster.folder]
  const load = await startBooking(cluster, 4)
  const { client, peer } = await cluster.startJoining('n4')
  const added = await quorail('members', 'add', 'n4', client, peer, ...asOperator)
  expect(added.code, added.told).toBe(0)
  const before = load.held()
  await eventually(async () => expect(load.held()).toBeGreaterThan(before + 20), 60_000)

  const data = cluster.dataFolder('n4')
  const log = path.join(data, 'log')
  const give = (...words: string[]) => quorail('discard-log', '--data', data, ...words)
  expect(await give('--really')).toMatchObject({ code: 3, told: expect.stringContaining('n use') })
  await cluster.stopOne('n4')
  expect(await give('--really')).toMatchObject({
    code: 3,
    told: expect.stringContaining('the log is not damaged'),
  })
  const segment = damage(log)
  await expect(cluster.start('n4')).rejects.toThrow('ended with code 3')

  const files = readdirSync(log).sort()
  const looked = await give()
  expect(looked.code).toBe(3)
  expect(looked.out).toContain(`damaged in ${segment} at byte`)
  expect(readdirSync(log).sort()).toEqual(files)
  const done = await give('--really', '--json')
  expect(done.code, done.told).toBe(0)
  const said = JSON.parse(done.out)
  expect(said).toMatchObject({ damage: { file: segment }, discarded: true })
  expect(said.kept).toContain(path.join(data, 'state.without-log-1'))
  for (const kept of said.kept) expect(existsSync(kept), kept).toBe(true)
  expect((await give('--really')).code).toBe(3)

  const removed = await quorail('members', 'remove', 'n4', ...asOperator)
  expect(removed.code, removed.told).toBe(0)
  await cluster.start('n4')
  const again = await quorail('members', 'add', 'n4', client, peer, ...asOperator)
  expect(again.code, again.told).toBe(0)
  await eventually(async () => expect((await fetch(`${client}/readyz`)).status).toBe(200), 60_000)
  await load.stop()
  expect(load.failures).toEqual([])
}, 240_000)

test('without a folder, or in one that has no log, it says so', async () => {
  expect(await quorail('discard-log')).toMatchObject({ code: 2 })
  expect(await quorail('discard-log', '--data', import.meta.dirname)).toMatchObject({
    code: 3,
    told: expect.stringContaining('There is no log in'),
  })
}, 60_000)
