import { execFile } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { startBooking } from './booking-load.ts'
import { callLeader } from './people.ts'
import { replayedHash } from './replay-log.ts'
import { eventually } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const newId = 'ee'.repeat(16)

async function quorail(...words: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...words])
    return { code: 0, said: stdout }
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string }
    return { code, said: stderr }
  }
}

const person = (name: string) => ({ email: `${name}@example.org`, password: 'correct horse' })
const register = async (cluster: TestCluster, name: string) => {
  const request = { requestId: `request-${name}`, displayName: name, ...person(name) }
  return (await callLeader(cluster, 'Register', request)).status
}
const logIn = async (cluster: TestCluster, name: string) =>
  (await callLeader(cluster, 'LogIn', person(name))).status

test('a backup that is taken under bookings has the state of its index, hash for hash, and is restored as another cluster', async () => {
  await using old = await TestCluster.start()
  await using fresh = await TestCluster.start({
    demo: false,
    nodeArguments: ['--cluster-id', newId],
  })
  expect(await register(old, 'before')).toBe(200)
  const file = path.join(old.folder, 'backup.qr')
  const { id } = await old.leader()
  const follower = old.nodeIds.find((node) => node !== id) as string
  const load = await startBooking(old, 8)
  const sold = (more: number) => {
    const least = load.held() + more
    return eventually(async () => expect(load.held()).toBeGreaterThan(least), 60_000)
  }
  await sold(30)
  const held = load.held()
  const made = await quorail('backup', '--data', old.dataFolder(follower), '--to', file, '--json')
  expect(made.code, made.said).toBe(0)
  expect(load.held()).toBeGreaterThan(held)
  await sold(10)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await register(old, 'after')).toBe(200)
  const again = await quorail('backup', '--data', old.dataFolder(follower), '--to', file)
  expect(again).toMatchObject({ code: 2, said: expect.stringContaining('there already') })

  await Promise.all(fresh.nodeIds.map((node) => fresh.kill(node)))
  const restored = []
  for (const node of fresh.nodeIds) {
    rmSync(fresh.dataFolder(node), { recursive: true })
    const words = ['--from', file, '--data', fresh.dataFolder(node), '--cluster', fresh.cluster]
    const { code, said } = await quorail('restore', ...words, '--cluster-id', newId, '--json')
    expect(code, said).toBe(0)
    restored.push(JSON.parse(said))
  }
  const { appliedIndex, stateHash } = JSON.parse(made.said)
  expect(new Set(restored.map((it) => JSON.stringify(it))).size).toBe(1)
  expect(restored[0]).toMatchObject({ clusterId: newId, appliedIndex: appliedIndex + 1_000_000 })
  // What was sold by then, by the log alone: the backup has it, and the restore has it before it is moved.
  expect(restored[0].backup).toEqual({ appliedIndex, stateHash })
  await old.stopOne(follower)
  expect(await replayedHash(old.dataFolder(follower), appliedIndex)).toBe(stateHash)
  await old.start(follower)

  await Promise.all(fresh.nodeIds.map((node) => fresh.start(node)))
  expect(await logIn(fresh, 'before')).toBe(200)
  expect(await logIn(fresh, 'after')).toBe(401)
  expect(await register(fresh, 'after')).toBe(200)
  await eventually(async () => {
    const nodes = await fresh.status()
    expect(nodes.every((node) => node.commitIndex > appliedIndex + 1_000_000)).toBe(true)
  })
  // The old one goes on as if nothing had been.
  expect(await logIn(old, 'after')).toBe(200)
}, 240_000)

test('what is no backup, or not a whole one, is refused before anything is made', async () => {
  await using cluster = await TestCluster.start({ demo: false, nodeCount: 1 })
  expect(await register(cluster, 'one')).toBe(200)
  const [id = ''] = cluster.nodeIds
  const file = path.join(cluster.folder, 'backup.qr')
  await quorail('backup', '--data', cluster.dataFolder(id), '--to', file)
  const bytes = readFileSync(file)
  const data = path.join(cluster.folder, 'restored')
  const restore = () =>
    quorail('restore', '--from', file, '--data', data, '--cluster', cluster.cluster)

  writeFileSync(file, bytes.subarray(0, bytes.length - 1))
  expect(await restore()).toMatchObject({ code: 3, said: expect.stringContaining('checksum') })
  writeFileSync(file, bytes)
  const opened = openSync(file, 'r+')
  writeSync(opened, Buffer.from([(bytes[300] as number) ^ 1]), 0, 1, 300)
  closeSync(opened)
  expect(await restore()).toMatchObject({ code: 3, said: expect.stringContaining('checksum') })
  writeFileSync(file, 'hello')
  expect(await restore()).toMatchObject({ code: 3, said: expect.stringContaining('no backup') })
  writeFileSync(file, bytes)
  const self = await quorail(
    ...['restore', '--from', file, '--data', cluster.dataFolder(id), '--cluster', cluster.cluster],
  )
  expect(self).toMatchObject({ code: 3, said: expect.stringContaining('not empty') })
  expect(await restore()).toMatchObject({ code: 0 })
})
