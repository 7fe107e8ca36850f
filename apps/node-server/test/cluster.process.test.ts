import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { call, callLeader, register, somebody } from './people.ts'
import { eventually } from './waiting.ts'

/** Waits until all nodes are up and have applied the same, and gives their hashes. */
const agreed = (cluster: TestCluster): Promise<readonly string[]> =>
  eventually(async () => {
    const nodes = await cluster.status()
    const indexes = new Set(nodes.map(({ hashIndex }) => hashIndex))
    if (indexes.size === 1 && !indexes.has(0)) return nodes.map(({ stateHash }) => stateHash)
    throw new Error(`no agreement: ${JSON.stringify(nodes)}`)
  })

describe('three nodes', () => {
  test('outlive kill -9 of the leader, and of all three', async () => {
    await using cluster = await TestCluster.start({ demo: false })
    const first = await register(cluster)
    const { id, term } = await cluster.leader()

    await cluster.kill(id)
    const successor = await cluster.leader()
    expect(successor.id).not.toBe(id)
    expect(successor.term).toBeGreaterThan(term)
    const second = await register(cluster)
    await cluster.start(id)
    expect(new Set(await agreed(cluster)).size).toBe(1)

    await Promise.all(cluster.nodeIds.map((node) => cluster.kill(node)))
    await Promise.all(cluster.nodeIds.map((node) => cluster.start(node)))
    expect(new Set(await agreed(cluster)).size).toBe(1)
    for (const { email, password } of [first, second])
      expect((await callLeader(cluster, 'LogIn', { email, password })).status).toBe(200)
  })

  test('hand leadership over before they stop, within 4 s, with exit code 0', async () => {
    await using cluster = await TestCluster.start({ demo: false })
    await register(cluster)
    const { id } = await cluster.leader()
    const startedAt = performance.now()
    const exit = await cluster.stopOne(id)
    // It gives itself 4 s; the rest is for a machine that has other things to do.
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect(exit).toEqual({ code: 0, signal: null })
    await register(cluster)
    expect(cluster.log(id)).toContain('"msg":"stopped"')
  })
})

/** The promise is 5 s; the rest is for a machine that has other things to do. */
const patienceMs = 30_000

test('with two of three down, a caller hears within 5 s that nothing was done', async () => {
  await using cluster = await TestCluster.start({ demo: false })
  await register(cluster)
  const { id, address } = await cluster.leader()
  const others = cluster.nodeIds.filter((node) => node !== id)
  await Promise.all(others.map((node) => cluster.kill(node)))

  const person = somebody()
  const atOnce = await call(address, 'Register', person)
  expect(atOnce.ms).toBeLessThan(patienceMs)
  // In the log of the leader before it noticed: whether that counts nobody can know yet.
  expect(['aborted', 'unavailable']).toContain(atOnce.body.code)

  // As soon as it has noticed, it says so at once; until then it may still have put it in its log.
  await eventually(async () => {
    const later = await call(address, 'Register', somebody())
    expect(later.ms).toBeLessThan(patienceMs)
    expect(later.body.code).toBe('unavailable')
    expect(JSON.stringify(later.body.details)).toContain('NO_QUORUM')
  })

  // The same request again, when there is a majority: it settles, once.
  await cluster.start(others[0] as string)
  await register(cluster, person)
})

test('a corrupt log stops the node with file, offset and what to do; the others go on', async () => {
  await using cluster = await TestCluster.start({ demo: false })
  // Each of them in a record of its own, also of a node that lags: damage in the last record is a torn write.
  for (let at = 0; at < 5; at += 1) {
    await register(cluster)
    await agreed(cluster)
  }
  await cluster.stopOne('n2')
  const logFolder = path.join(cluster.dataFolder('n2'), 'log')
  const segment = readdirSync(logFolder)
    .map((name) => path.join(logFolder, name))
    .find((file) => !file.includes('superblock') && !file.endsWith('/lock'))
  if (segment === undefined) throw new Error('no segment')
  const bytes = readFileSync(segment)
  const middle = Math.floor(bytes.length / 2)
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x40, middle)
  writeFileSync(segment, bytes)

  await expect(cluster.start('n2')).rejects.toThrow('ended with code 3 before it was ready')
  const said = cluster.log('n2')
  expect(said).toContain(
    'keep this folder; the other nodes go on selling; do not start this node empty under its old identity',
  )
  expect(said).toMatch(/"file":"[^"]+","offset":\d+/)
  expect(readFileSync(segment).equals(bytes)).toBe(true)
  await register(cluster)
})

test('a node whose log has vanished comes back as a new one, and is set apart', async () => {
  await using cluster = await TestCluster.start({ demo: false })
  await register(cluster)
  const { id: leader } = await cluster.leader()
  const victim = cluster.nodeIds.find((node) => node !== leader) as string
  await cluster.stopOne(victim)
  rmSync(path.join(cluster.dataFolder(victim), 'log'), { recursive: true })
  await cluster.start(victim)
  await register(cluster)
  // By whoever leads when it shows.
  await expect
    .poll(() => cluster.nodeIds.map((id) => cluster.log(id)).join('\n'), { timeout: 60_000 })
    .toContain('"type":"peerSetApart"')
  // Its streams are ended, and both sides say why.
  await expect
    .poll(() => cluster.log(victim), { timeout: 60_000 })
    .toMatch(/"code":"PEER_SET_APART".*refuses this node, of which it says: .*members replace/)
  expect(cluster.nodeIds.map((id) => cluster.log(id)).join('\n')).toContain(
    `${victim} is not believed to be a peer: it came back without the log`,
  )
  expect(readdirSync(cluster.dataFolder(victim))).toContain('state.without-log-1')
})
