import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { bytes, ListMachine, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import type { Callback, RaftEvent, SnapshotInfo } from '../ports.ts'
import type { Message, NodeId } from '../types.ts'

/** Small figures, so that a handful of commands make a snapshot of several pieces. */
const SMALL = {
  snapshotEveryEntries: 20,
  retainEntries: 5,
  snapshotChunkBytes: 16,
  snapshotTimeoutMs: 200,
}

const types = (node: TestNode) => node.events.map(({ type }) => type)
const last = <Type extends RaftEvent['type']>(node: TestNode, type: Type) =>
  node.events.findLast((event) => event.type === type) as Extract<RaftEvent, { type: Type }>

/** Messages of one kind as they leave a node; `change` may swallow them. */
async function tap(
  cluster: NodeCluster,
  id: NodeId,
  see: (message: Message) => boolean,
): Promise<void> {
  const { decodeMessageBatch } = await import('../codec.ts')
  const { transport } = cluster.get(id)
  const send = transport.send.bind(transport)
  transport.send = (to, batch, lane) => {
    const { messages } = decodeMessageBatch(batch)
    if (messages.every((message) => see(message))) send(to, batch, lane)
  }
}

/** A follower that is far behind: it was away while the others compacted their logs. */
async function leaveBehind(config = {}, commands = 60): Promise<[NodeCluster, NodeId]> {
  const cluster = new NodeCluster(3, { ...SMALL, ...config })
  cluster.elect()
  const id = cluster.followers()[0]?.node.status().id as NodeId
  cluster.isolate(id)
  for (let i = 0; i < commands; i += 10) await cluster.propose(10, `${i}/`)
  return [cluster, id]
}

describe('snapshots of one’s own', () => {
  it('are taken when the log has grown, and the log is compacted behind them', async () => {
    const cluster = new NodeCluster(3, SMALL)
    const leader = cluster.elect()
    for (let i = 0; i < 5; i++) await cluster.propose(10)
    for (const node of cluster.nodes.values()) {
      const { snapshot, log } = node.node.status()
      expect(snapshot?.mark.index).toBe(41)
      expect(log.firstIndex).toBe(37)
      expect(types(node)).toContain('compacted')
      // The older one is gone: nobody needs it.
      expect(node.snapshots.complete.size).toBe(1)
    }
    expect(leader.machine.releases).toBe(leader.machine.captures)
  })

  it('by bytes as well', async () => {
    const config = { ...SMALL, snapshotEveryEntries: 0, snapshotEveryBytes: 1000 }
    const cluster = new NodeCluster(1, config)
    const { node } = cluster.elect()
    await cluster.outcome(node.propose(new Uint8Array(600)))
    expect(node.status().snapshot).toBeUndefined()
    await cluster.outcome(node.propose(new Uint8Array(600)))
    expect(node.status().snapshot?.mark.index).toBe(3)
  })

  it('are stored while commands are applied', async () => {
    const cluster = new NodeCluster(1, SMALL)
    const leader = cluster.elect()
    await cluster.propose(15)
    leader.snapshots.held = []
    await cluster.propose(10, 'a')
    expect(leader.machine.captures).toBe(1)
    await cluster.propose(10, 'b')
    expect(leader.machine.list).toHaveLength(35)
    expect(leader.node.status().snapshot).toBeUndefined()
    leader.snapshots.release()
    await cluster.run(50)
    const { data } = [...leader.snapshots.complete.values()][0] as { data: Uint8Array }
    expect(JSON.parse(String.fromCharCode(...data))).toHaveLength(25)
    expect(leader.node.status().snapshot?.mark.index).toBe(26)
  })

  it('are captured between two batches: the mark is what the state is', async () => {
    const cluster = new NodeCluster(1, SMALL)
    const { machine, node, snapshots } = cluster.elect()
    const waiting: (() => void)[] = []
    const capture = machine.capture.bind(machine)
    machine.capture = (done) => {
      waiting.push(() => capture(done))
    }
    await cluster.propose(25)
    await cluster.propose(10, 'later')
    expect(machine.list).toHaveLength(25)
    for (const run of waiting) run()
    await cluster.run(50)
    expect(machine.list).toHaveLength(35)
    expect(node.status().snapshot?.mark).toMatchObject({ index: 26, term: 1 })
    const [kept] = snapshots.complete.values()
    expect(JSON.parse(String.fromCharCode(...(kept?.data ?? [])))).toHaveLength(25)
  })

  it('that can not be stored are tried again, and the node goes on', async () => {
    const cluster = new NodeCluster(1, SMALL)
    const leader = cluster.elect()
    leader.snapshots.failure = new Error('no room')
    await cluster.propose(25)
    expect(last(leader, 'snapshotFailed').error.message).toBe('no room')
    expect(leader.snapshots.created.size).toBe(0)
    const failures = () => types(leader).filter((type) => type === 'snapshotFailed').length
    await cluster.run(500)
    expect(failures()).toBe(1)
    leader.snapshots.failure = undefined
    await cluster.run(1500)
    expect(leader.node.status().snapshot?.mark.index).toBe(26)
    expect(leader.machine.releases).toBe(leader.machine.captures)
  })

  it('a capture that throws, or fails, is no harm to the node', async () => {
    const cluster = new NodeCluster(1, SMALL)
    const leader = cluster.elect()
    leader.machine.capture = () => {
      throw new Error('not now')
    }
    await cluster.propose(25)
    expect(last(leader, 'snapshotFailed').error.message).toBe('not now')
    expect(leader.node.status().state).toBe('running')
    await cluster.propose(1)
    expect(leader.machine.list).toHaveLength(26)
  })

  it('are taken when a user asks, once for the same state', async () => {
    const cluster = new NodeCluster(1)
    const { node, machine } = cluster.elect()
    await cluster.propose(3)
    const info = (await cluster.outcome(node.takeSnapshot())) as SnapshotInfo
    expect(info).toMatchObject({ mark: { index: 4 }, id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(await cluster.outcome(node.takeSnapshot())).toEqual(info)
    expect(machine.captures).toBe(1)
  })

  it('asked for while one is being made, give one that is as new as the asking', async () => {
    const cluster = new NodeCluster(1)
    const { node, snapshots } = cluster.elect()
    await cluster.propose(3)
    snapshots.held = []
    const first = settled(node.takeSnapshot())
    await cluster.run(20)
    await cluster.propose(3, 'b')
    const second = settled(node.takeSnapshot())
    await cluster.run(20)
    snapshots.release()
    await cluster.run(50)
    expect(await first).toMatchObject({ mark: { index: 4 } })
    expect(await second).toMatchObject({ mark: { index: 7 } })
  })

  it('are refused where there is nothing to make them of, or with', async () => {
    const cluster = new NodeCluster(1)
    const { log } = cluster.kill('n1')
    const machine = new ListMachine()
    Object.assign(machine, { capture: undefined })
    const { node } = cluster.startWith('n1', { log, machine })
    cluster.elect()
    const error = await cluster.outcome(node.takeSnapshot())
    expect(error).toMatchObject({ code: 'rejected', reason: 'noSnapshots' })
    await node.close()
    const closed = await cluster.outcome(node.takeSnapshot())
    expect(closed).toMatchObject({ code: 'closed' })
  })

  it('are not made by a machine that keeps its state itself; the log is compacted by what it keeps', async () => {
    const machine = Object.assign(new ListMachine(), { durableIndex: 0 })
    const cluster = new NodeCluster(1, SMALL)
    const { log } = cluster.kill('n1')
    const { node } = cluster.startWith('n1', { log, machine })
    cluster.elect()
    await cluster.propose(50)
    await cluster.run(1500)
    expect(machine.captures).toBe(0)
    expect(node.status().log.firstIndex).toBe(1)
    machine.durableIndex = 40
    await cluster.run(1500)
    expect(node.status().log.firstIndex).toBe(36)
  })
})

describe('a follower that is too far behind', () => {
  it('fetches a snapshot in pieces, takes its state, and goes on with the log', async () => {
    const [cluster, id] = await leaveBehind()
    const behind = cluster.get(id)
    expect(cluster.leader().node.status().log.firstIndex).toBeGreaterThan(2)
    cluster.network.heal()
    await cluster.run(1500)
    expect(behind.machine.restores).toBe(1)
    expect(behind.machine.list).toEqual(cluster.leader().machine.list)
    expect(last(behind, 'snapshotInstalled')).toMatchObject({ from: cluster.leaderId() })
    expect(behind.node.status().snapshot).toEqual(cluster.leader().node.status().snapshot)
    await cluster.propose(3, 'after')
    expect(behind.machine.list).toHaveLength(63)
    expect(behind.snapshots.openReaders).toBeLessThanOrEqual(1)
  })

  it('that is new gets everything by a snapshot, membership and genesis as well', async () => {
    const cluster = new NodeCluster(3, SMALL)
    const { node } = cluster.elect()
    for (let i = 0; i < 6; i++) await cluster.propose(10)
    const joiner = cluster.join('n4')
    await cluster.outcome(node.changeMembership({ promote: ['n4'] }), 2000)
    expect(joiner.machine.restores).toBe(1)
    expect(joiner.machine.list).toHaveLength(60)
    expect(joiner.node.status()).toMatchObject({
      clusterId: cluster.genesis.clusterId,
      members: ['n1', 'n2', 'n3', 'n4'],
    })
    expect(node.status().membership.voters).toContain('n4')
  })

  it('that is new and may ask any member hears who they are from the offer', async () => {
    const cluster = new NodeCluster(3, { ...SMALL, snapshotSource: 'anyMember' })
    const leader = cluster.elect()
    for (let i = 0; i < 6; i++) await cluster.propose(10)
    const told: (readonly NodeId[])[] = []
    const attach = cluster.network.transport.bind(cluster.network)
    cluster.network.transport = (name) => {
      const made = attach(name)
      made.setPeers = (peers) => told.push(peers)
      return made
    }
    const joiner = cluster.join('n4')
    await cluster.outcome(leader.node.changeMembership({ addLearners: ['n4'] }), 2000)
    expect(told.slice(0, 2)).toEqual([[], ['n1', 'n2', 'n3']])
    expect(last(joiner, 'snapshotInstalled').from).not.toBe(cluster.leaderId())
  })

  it('makes the leader take a snapshot where there is none', async () => {
    const config = { ...SMALL, snapshotEveryEntries: 0, snapshotEveryBytes: 0 }
    const cluster = new NodeCluster(3, config)
    for (const id of cluster.genesis.members) {
      const { log } = cluster.kill(id)
      cluster.startWith(id, { log, machine: Object.assign(new ListMachine(), { durableIndex: 0 }) })
    }
    cluster.elect()
    const id = cluster.followers()[0]?.node.status().id as NodeId
    cluster.isolate(id)
    await cluster.propose(60)
    for (const { machine } of cluster.nodes.values()) {
      Object.assign(machine, { durableIndex: machine.appliedIndex })
    }
    await cluster.run(1500)
    expect(cluster.leader().node.status().log.firstIndex).toBeGreaterThan(50)
    expect(cluster.leader().node.status().snapshot).toBeUndefined()
    cluster.network.heal()
    await cluster.run(1500)
    expect(cluster.leader().machine.captures).toBe(1)
    expect(cluster.get(id).machine.list).toHaveLength(60)
  })

  it('goes on where it was cut off, after a restart of either side', async () => {
    const [cluster, id] = await leaveBehind()
    const leaderId = cluster.leaderId()
    let chunks = 0
    await tap(cluster, leaderId, ({ type }) => type !== 'snapshotChunk' || ++chunks <= 6)
    cluster.network.heal()
    await cluster.run(600)
    const { snapshots } = cluster.get(id)
    const [partial] = snapshots.partial.values()
    expect(partial).toHaveLength(6)
    cluster.restart(leaderId)
    cluster.restart(id)
    // The same node leads again, with the same snapshot.
    for (const node of cluster.nodes.values()) {
      if (node !== cluster.get(leaderId)) node.transport.onPeerLost = undefined
    }
    const offsets: number[] = []
    await tap(cluster, id, (message) => {
      if (message.type === 'snapshotRequest') offsets.push(message.offset)
      return true
    })
    await cluster.run(4000)
    const { node, machine } = cluster.get(id)
    expect(machine.list).toEqual(cluster.leader().machine.list)
    expect(node.status().appliedIndex).toBe(cluster.leader().node.status().appliedIndex)
    // Which one it is had to be asked; the first six pieces not again.
    const again = offsets.filter((offset) => offset > 0 && offset < 6 * 16)
    if (cluster.leaderId() === leaderId) expect(again).toEqual([])
  })

  it('asks again for pieces that were lost', async () => {
    const [cluster, id] = await leaveBehind()
    let chunks = 0
    await tap(cluster, cluster.leaderId(), ({ type }) => {
      return type !== 'snapshotChunk' || ++chunks % 3 !== 0
    })
    cluster.network.heal()
    await cluster.run(8000)
    expect(cluster.get(id).machine.list).toHaveLength(60)
  })

  it('fetches from another member when told to, and from the leader when that has nothing', async () => {
    const [cluster, id] = await leaveBehind({ snapshotSource: 'anyMember' })
    const other = cluster.genesis.members.find(
      (m) => m !== id && m !== cluster.leaderId(),
    ) as NodeId
    cluster.network.heal()
    await cluster.run(1500)
    expect(last(cluster.get(id), 'snapshotInstalled').from).toBe(other)

    const [second, late] = await leaveBehind({ snapshotSource: 'anyMember' })
    for (const [name, { snapshots, node }] of second.nodes) {
      if (name !== second.leaderId()) snapshots.complete.clear()
      void node
    }
    second.network.heal()
    await second.run(3000)
    expect(last(second.get(late), 'snapshotInstalled').from).toBe(second.leaderId())
    expect(second.get(late).machine.list).toHaveLength(60)
  })

  it('takes a newer snapshot than it was offered, when that is what the source has', async () => {
    const [cluster, id] = await leaveBehind({ snapshotSource: 'anyMember' }, 70)
    const other = cluster.genesis.members.find(
      (m) => m !== id && m !== cluster.leaderId(),
    ) as NodeId
    await cluster.outcome(cluster.get(other).node.takeSnapshot())
    const offered = cluster.leader().node.status().snapshot?.mark.index ?? 0
    cluster.network.heal()
    await cluster.run(1500)
    const behind = cluster.get(id)
    expect(last(behind, 'snapshotInstalled').index).toBeGreaterThan(offered)
    expect(behind.machine.list).toHaveLength(70)
  })

  it('whose store is full says so, and succeeds once there is room', async () => {
    const [cluster, id] = await leaveBehind()
    const behind = cluster.get(id)
    behind.snapshots.failure = new Error('no room')
    cluster.network.heal()
    await cluster.run(1500)
    expect(last(behind, 'snapshotFailed').error.message).toBe('no room')
    expect(behind.node.status()).toMatchObject({ state: 'running', appliedIndex: 1 })
    behind.snapshots.failure = undefined
    await cluster.run(2000)
    expect(behind.machine.list).toHaveLength(60)
  })

  it('does not take pieces that are not what they should be', async () => {
    const [cluster, id] = await leaveBehind()
    const leader = cluster.leader()
    const [kept] = leader.snapshots.complete.values()
    const data = (kept as { data: Uint8Array }).data
    const right = data.slice()
    data[20] = (data[20] as number) ^ 1
    cluster.network.heal()
    await cluster.run(1500)
    const behind = cluster.get(id)
    expect(last(behind, 'snapshotFailed').error.message).toContain('checksum')
    expect(behind.machine.restores).toBe(0)
    data.set(right)
    await cluster.run(2000)
    expect(behind.machine.list).toHaveLength(60)
  })

  it('gets another one when what the leader has stored is damaged', async () => {
    const [cluster, id] = await leaveBehind()
    const leader = cluster.leader()
    const { snapshots, node } = leader
    const damaged = node.status().snapshot?.id
    const read = snapshots.read.bind(snapshots)
    snapshots.read = (name, done) => {
      read(name, (error, stored) => {
        const fail = {
          read: (_at: number, _length: number, given: Callback<Uint8Array>) =>
            given(new Error('rot'), bytes('')),
        }
        done(error, name === damaged ? { ...stored, ...fail } : stored)
      })
    }
    cluster.network.heal()
    await cluster.run(4000)
    expect(cluster.get(id).machine.list).toHaveLength(60)
    expect(last(leader, 'snapshotFailed').error.message).toBe('rot')
    expect(node.status().snapshot?.id).not.toBe(damaged)
    // A state that is captured again and again would not be a cure.
    expect(leader.machine.captures).toBeLessThan(6)
  })

  it('without anywhere to put a snapshot says so, once a term', async () => {
    const [cluster, id] = await leaveBehind()
    const machine = new ListMachine()
    Object.assign(machine, { restore: undefined })
    const behind = cluster.restart(id, { machine })
    cluster.network.heal()
    await cluster.run(3000)
    const failed = behind.events.filter(({ type }) => type === 'snapshotFailed')
    expect(failed).toMatchObject([{ error: { reason: 'noSnapshots' } }])
  })

  it('that is closed while it fetches leaves what it has, and nothing open', async () => {
    const [cluster, id] = await leaveBehind()
    let chunks = 0
    await tap(cluster, cluster.leaderId(), ({ type }) => {
      return type !== 'snapshotChunk' || ++chunks <= 3
    })
    cluster.network.heal()
    await cluster.run(300)
    const behind = cluster.get(id)
    expect(behind.snapshots.partial.size).toBe(1)
    const closed = behind.node.close()
    await cluster.run(10)
    await closed
    expect(behind.snapshots.closed).toBe(1)
    expect(behind.snapshots.partial.size).toBe(1)
  })

  it('that gets the log from another leader gives up fetching', async () => {
    const [cluster, id] = await leaveBehind({ retainEntries: 1000 })
    const leaderId = cluster.leaderId()
    const leader = cluster.get(leaderId)
    // This leader alone has a short log.
    const cut = await cluster.outcome(leader.node.takeSnapshot())
    expect(cut).toMatchObject({ mark: { index: 61 } })
    await tap(cluster, leaderId, ({ type }) => type !== 'snapshotChunk')
    cluster.restart(leaderId, { config: { retainEntries: 0 } })
    for (const other of cluster.genesis.members) {
      if (other !== leaderId) Object.assign(cluster.get(other).transport, { onPeerLost: undefined })
    }
    cluster.network.heal()
    await cluster.run(3000)
    expect(cluster.get(id).machine.list).toHaveLength(60)
  })

  it('whose command it was does not know what became of it', async () => {
    const cluster = new NodeCluster(3, SMALL)
    const id = cluster.leaderIdAfterElection()
    const old = cluster.get(id)
    for (const { log } of cluster.nodes.values()) log.held = []
    const outcome = settled(old.node.propose(bytes('x')))
    await cluster.run(20)
    cluster.isolate(id)
    cluster.tellLost(id)
    for (const { log } of cluster.nodes.values()) log.release()
    await cluster.run(300)
    for (let i = 0; i < 6; i++) await cluster.propose(10)
    cluster.network.heal()
    await cluster.run(2000)
    expect(await outcome).toMatchObject({ code: 'outcomeUnknown' })
    expect(old.machine.list).toEqual(cluster.leader().machine.list)
  })
})

describe('a snapshot that is there already', () => {
  it('is given by a leader that was restarted, and by one that got it from another', async () => {
    const [cluster, id] = await leaveBehind({}, 70)
    cluster.network.heal()
    await cluster.run(1500)
    const first = cluster.leaderId()
    for (const name of cluster.genesis.members) if (name !== id) cluster.restart(name)
    await cluster.run(2000)
    for (const to of [first, id]) {
      if (cluster.leaderId() !== to) {
        await cluster.outcome(cluster.leader().node.transferLeadership({ to }), 300)
      }
      const leader = cluster.leader()
      expect(leader.node.status().id).toBe(to)
      const joiner = cluster.join(`for-${to}`)
      const addLearners = [`for-${to}`]
      await cluster.outcome(leader.node.changeMembership({ addLearners }), 2000)
      expect(joiner.machine).toMatchObject({ restores: 1 })
      expect(joiner.machine.list).toHaveLength(70)
      expect(leader.machine.captures).toBe(0)
    }
  })

  it('stays while somebody fetches it, and goes some time after', async () => {
    const [cluster, id] = await leaveBehind({ snapshotKeepMs: 1500 })
    const leader = cluster.leader()
    const { partial } = cluster.get(id).snapshots
    let chunks = 0
    await tap(cluster, cluster.leaderId(), ({ type }) => {
      return type !== 'snapshotChunk' || ++chunks % 4 === 0
    })
    cluster.network.heal()
    while (partial.size === 0) await cluster.run(10)
    const [offered] = [...partial.keys()].map((name) => leader.snapshots.complete.get(name)?.info)
    if (offered === undefined) throw new Error('it fetches another one')
    for (let i = 0; i < 4; i++) await cluster.propose(20, `more${i}/`)
    expect(leader.node.status().snapshot?.mark.index).toBeGreaterThan(offered.mark.index)
    expect(leader.snapshots.complete.has(offered.id)).toBe(true)
    // What follows it in the log is there as well.
    expect(leader.node.status().log.firstIndex).toBeLessThanOrEqual(offered.mark.index + 1)
    await cluster.run(30_000)
    expect(cluster.get(id).machine.list).toEqual(leader.machine.list)
    expect(leader.snapshots.complete.has(offered.id)).toBe(false)
    expect(leader.snapshots.openReaders).toBe(0)
  })
})

describe('a restart', () => {
  it('begins with the newest snapshot and applies what is behind it', async () => {
    const cluster = new NodeCluster(3, SMALL)
    cluster.elect()
    for (let i = 0; i < 5; i++) await cluster.propose(10)
    for (const id of cluster.genesis.members) {
      const again = cluster.restart(id)
      expect(again.machine).toMatchObject({ restores: 1, appliedIndex: 41 })
    }
    cluster.elect()
    for (const { machine } of cluster.nodes.values()) expect(machine.list).toHaveLength(50)
  })

  it('spares a machine in memory what a snapshot has, though the log has all of it', async () => {
    const cluster = new NodeCluster(1, { ...SMALL, retainEntries: 1000 })
    cluster.elect()
    await cluster.propose(25)
    const { machine } = cluster.restart('n1')
    expect(machine).toMatchObject({ restores: 1, appliedIndex: 26 })
    cluster.elect()
    expect(machine.list).toHaveLength(25)
    // One that keeps its state itself has most of it, and gets the rest from the log.
    const own = Object.assign(new ListMachine(), { durableIndex: 10, appliedIndex: 10 })
    cluster.restart('n1', { machine: own })
    expect(own).toMatchObject({ restores: 0, appliedIndex: 10 })
  })

  it('removes a snapshot that was fetched and not installed', async () => {
    const cluster = new NodeCluster(1)
    const { log, snapshots } = cluster.get('n1')
    cluster.elect()
    await cluster.propose(3)
    const membership = cluster.leader().node.status().membership
    for (const [name, index, term] of [
      ['ahead', 99, 1],
      ['beside', 3, 7],
    ] as const) {
      const info = { id: name, mark: { index, term, membership, configIndex: 0 } }
      snapshots.complete.set(name, {
        info: { ...info, sizeBytes: 2, checksum: 0 },
        data: bytes('[]'),
      })
    }
    cluster.kill('n1')
    const { machine } = cluster.startWith('n1', { log, snapshots })
    expect(snapshots.removed).toEqual(['ahead', 'beside'])
    expect(machine.restores).toBe(0)
    cluster.elect()
    expect(machine.list).toHaveLength(3)
  })

  it.each([
    ['no snapshots', { snapshots: new MemorySnapshots() }, 'no snapshot that would bridge the gap'],
    [
      'a machine that can not be restored',
      { machine: Object.assign(new ListMachine(), { restore: undefined }) },
      'no restore()',
    ],
  ])('with %s, when the log needs one, is refused and says what to do', async (_, given, says) => {
    const cluster = new NodeCluster(1, SMALL)
    cluster.elect()
    for (let i = 0; i < 5; i++) await cluster.propose(10)
    const { log } = cluster.get('n1')
    expect(() => cluster.restart('n1', given)).toThrow(says)
    let refusal: unknown
    try {
      cluster.startWith('n1', { log, ...given })
    } catch (error) {
      refusal = error
    }
    expect(refusal).toMatchObject({
      code: 'config',
      message: expect.stringContaining('remove the node from the group and add it anew'),
    })
  })

  it('whose state can not be restored is refused', async () => {
    const cluster = new NodeCluster(1, SMALL)
    cluster.elect()
    for (let i = 0; i < 5; i++) await cluster.propose(10)
    const machine = new ListMachine()
    machine.restore = (_mark, _reader, done) => done(new Error('of another version'))
    const { log, snapshots } = cluster.get('n1')
    expect(() => cluster.restart('n1', { machine })).toThrow('of another version')
    machine.restore = (_mark, _reader, done) => done(undefined)
    const start = () => cluster.startWith('n1', { log, snapshots, machine })
    expect(start).toThrow('appliedIndex is 0')
    // Nobody knows what state that is, though the log would do.
    cluster.startWith('n1', { log, snapshots })
    await cluster.run(1500)
    cluster.kill('n1')
    expect(start).toThrow('appliedIndex is 0')
    expect(snapshots.openReaders).toBe(0)
  })

  it('goes on without a snapshot that is damaged, as long as the log or an older one will do', async () => {
    for (const hasOlder of [true, false]) {
      const cluster = new NodeCluster(1, { ...SMALL, retainEntries: hasOlder ? 30 : 1000 })
      const { snapshots } = cluster.elect()
      await cluster.propose(20)
      const [older] = [...snapshots.complete]
      await cluster.propose(20, 'more')
      await cluster.run(1500)
      const [newest] = snapshots.complete.values()
      expect(newest?.info.mark.index).toBe(41)
      newest?.data.fill(0)
      if (hasOlder && older !== undefined) snapshots.complete.set(...older)
      const again = cluster.restart('n1')
      expect(again.machine.appliedIndex).toBe(hasOlder ? 21 : 0)
      cluster.elect()
      expect(again.events[0]).toMatchObject({ type: 'snapshotFailed' })
      expect(again.machine.list).toHaveLength(40)
      // Another one is made, from which the next start can begin.
      await cluster.propose(25, 'after')
      await cluster.run(1500)
      expect(again.node.status().snapshot?.mark.index).toBeGreaterThan(41)
      const third = cluster.restart('n1')
      expect(third.machine).toMatchObject({ restores: 1 })
      cluster.elect()
      expect(third.machine.list).toHaveLength(65)
    }
  })
})
