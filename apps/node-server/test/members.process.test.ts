/** The members of a running cluster change while people book: by the command line, on real processes. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { startBooking } from './booking-load.ts'
import { eventually } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Said {
  readonly code: number
  readonly out: string
  readonly told: string
}

interface Member {
  readonly id: string
  readonly role: string
  readonly leads: boolean
  readonly setApart: boolean
  readonly active: boolean
}

async function quorail(cluster: TestCluster, ...words: string[]): Promise<Said> {
  const all = [main, ...words, '--cluster', cluster.cluster, '--data', cluster.folder, '--json']
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all)
    return { code: 0, out: stdout, told: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, told: stderr }
  }
}

async function done(cluster: TestCluster, ...words: string[]): Promise<Said> {
  const said = await quorail(cluster, ...words)
  expect(said.code, said.told).toBe(0)
  return said
}

const membersOf = async (cluster: TestCluster): Promise<readonly Member[]> =>
  (JSON.parse((await done(cluster, 'members')).out) as { members: Member[] }).members

/** At an election there is none for a moment. */
const leaderOf = (cluster: TestCluster): Promise<string> =>
  eventually(async () => {
    const leader = (await membersOf(cluster)).find(({ leads }) => leads)
    if (leader === undefined) throw new Error('nobody leads')
    return leader.id
  })

/** Whether the log of the node has lost its beginning, in whichever way. */
const beginsLater = (log: string): boolean => /"type":"(compacted|snapshotInstalled)"/.test(log)

/** Waits until the nodes have applied the same, and says how many states they have. */
async function states(addresses: readonly string[]): Promise<number> {
  return eventually(async () => {
    const all = await Promise.all(
      addresses.map(async (address) => {
        const response = await fetch(`${address}/quorail.cluster.v1.ClusterService/GetStatus`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
        const { status } = (await response.json()) as { status: Record<string, string> }
        return status
      }),
    )
    expect(new Set(all.map(({ hashIndex }) => hashIndex)).size).toBe(1)
    return new Set(all.map(({ stateHash }) => stateHash)).size
  }, 60_000)
}

test('a node is added, caught up by a snapshot and promoted, and the leader removed, and no booking fails', async () => {
  await using cluster = await TestCluster.start({
    nodeEnvironment: { QUORAIL_NODE_RETAIN_LOG_MIB: '0' },
  })
  // The beginning of the log is gone, so that a new node has to be sent the state. By how much does not
  // matter and is not certain: if one of them started late, its snapshot holds the others' logs for a minute.
  await eventually(async () => {
    for (const id of cluster.nodeIds) expect(beginsLater(cluster.log(id)), id).toBe(true)
  }, 60_000)
  for (const id of cluster.nodeIds) {
    await cluster.stopOne(id)
    cluster.changeEnvironment(id, { QUORAIL_NODE_RETAIN_LOG_MIB: '512' })
    await cluster.start(id)
  }
  const added = await cluster.startJoining('n4')
  const command = `quorail members add n4 ${added.client} ${added.peer}`
  await eventually(async () => expect(cluster.log('n4')).toContain(command))
  const load = await startBooking(cluster, 24)
  const said = await done(
    cluster,
    'members',
    'add',
    'n4',
    added.client,
    added.peer,
    '--within',
    '300',
  )
  expect(said.told).toContain('n4 votes')
  await eventually(async () => expect(cluster.log('n4')).toContain('"type":"snapshotInstalled"'))
  const before = load.held()
  const leader = await leaderOf(cluster)
  const exit = cluster.exited(leader)
  await done(cluster, 'members', 'remove', leader)
  expect(await exit).toEqual({ code: 6, signal: null })
  expect(cluster.log(leader)).toContain('this node was removed from its cluster')
  const left = await membersOf(cluster)
  expect(left.map(({ role }) => role)).toEqual(['voter', 'voter', 'voter'])
  expect(left.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3', 'n4'].filter((id) => id !== leader))

  // Again, if a machine that stands still makes another one lead meanwhile.
  await eventually(async () => {
    await done(cluster, 'transfer', 'n4')
    expect(await leaderOf(cluster)).toBe('n4')
  }, 60_000)
  await eventually(async () => expect(load.held()).toBeGreaterThan(before + 100), 60_000)
  await load.stop()
  expect(load.failures).toEqual([])
  const addresses = cluster.addresses.nodes.filter((_, at) => `n${at + 1}` !== leader)
  expect(await states([...addresses, added.client])).toBe(1)

  // It knows by its own disk who it is and who the others are.
  await cluster.stopOne('n4')
  await cluster.start('n4')
  await eventually(async () =>
    expect((await membersOf(cluster))[2]).toMatchObject({ active: true }),
  )
})

test('a node that has lost its folder is replaced, and no booking fails', async () => {
  await using cluster = await TestCluster.start()
  const added = await cluster.startJoining('n4')
  const load = await startBooking(cluster, 20)
  const leader = await leaderOf(cluster)
  const wiped = cluster.nodeIds.find((id) => id !== leader) as string
  await cluster.kill(wiped)
  rmSync(path.join(cluster.dataFolder(wiped), 'log'), { recursive: true })
  await cluster.start(wiped)
  await eventually(async () => {
    const all = await membersOf(cluster)
    expect(all.find(({ id }) => id === wiped)).toMatchObject({ setApart: true })
  })
  const sameName = await quorail(cluster, 'members', 'add', wiped, added.client, added.peer)
  expect(sameName).toMatchObject({ code: 1, told: expect.stringContaining('has lost its log') })

  const other = cluster.nodeIds.find((id) => id !== leader && id !== wiped) as string
  const risky = await quorail(cluster, 'members', 'remove', other)
  expect(risky).toMatchObject({ code: 1, told: expect.stringContaining('can be reached') })

  await done(cluster, 'members', 'replace', wiped, 'n4', added.client, added.peer)
  const all = await membersOf(cluster)
  expect(all.map(({ id, role }) => `${id} ${role}`)).toEqual(
    ['n1', 'n2', 'n3', 'n4'].filter((id) => id !== wiped).map((id) => `${id} voter`),
  )
  await load.stop()
  expect(load.failures).toEqual([])
})

test('all nodes are restarted in turn, the leader last, and no booking fails', async () => {
  await using cluster = await TestCluster.start()
  const load = await startBooking(cluster, 20)
  const pids = new Map(cluster.nodeIds.map((id) => [id, cluster.pid(id)]))
  // What a supervisor does.
  const exits = cluster.nodeIds.map(async (id) => {
    const exit = await cluster.exited(id)
    await cluster.start(id)
    return exit
  })
  const leader = await leaderOf(cluster)
  const { out } = await done(cluster, 'rolling-restart')
  expect(await Promise.all(exits)).toEqual(cluster.nodeIds.map(() => ({ code: 5, signal: null })))
  const { restarted } = JSON.parse(out) as { restarted: string[] }
  expect(restarted.toSorted()).toEqual([...cluster.nodeIds])
  expect(restarted).toContain(leader)
  for (const [id, pid] of pids) expect(cluster.pid(id)).not.toBe(pid)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.held()).toBeGreaterThan(100)
  expect(await states(cluster.addresses.nodes)).toBe(1)
})
