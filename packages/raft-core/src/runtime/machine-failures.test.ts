/** State machines that fail, and nodes that are closed while theirs is at work. */
import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import type { Done, StateCapture } from '../ports.ts'
import type { NodeId } from '../types.ts'

const SMALL = {
  snapshotEveryEntries: 20,
  retainEntries: 5,
  snapshotChunkBytes: 16,
  snapshotTimeoutMs: 200,
}

/** A follower that needs a snapshot, and is about to be able to get it. */
async function leaveBehind(): Promise<[NodeCluster, TestNode]> {
  const cluster = new NodeCluster(3, SMALL)
  cluster.elect()
  const behind = cluster.followers()[0] as TestNode
  cluster.isolate(behind.node.status().id as NodeId)
  for (let i = 0; i < 6; i++) await cluster.propose(10, `${i}/`)
  cluster.network.heal()
  return [cluster, behind]
}

/** Closes it and lets time pass; whether the promise resolved. */
async function closes(cluster: NodeCluster, { node }: TestNode): Promise<boolean> {
  let isClosed = false
  void node.close().then(() => {
    isClosed = true
  })
  await cluster.run(50)
  return isClosed
}

describe('a state machine that can not take the state of a snapshot', () => {
  it.each([
    ['says so', (done: Done) => done(new Error('of another version'))],
    [
      'throws',
      () => {
        throw new Error('of another version')
      },
    ],
  ])('and %s stops the node, which can be closed', async (_, fail) => {
    const [cluster, behind] = await leaveBehind()
    behind.machine.restore = (_mark, _reader, done) => fail(done)
    await cluster.run(1500)
    expect(behind.node.status().state).toBe('failed')
    expect(behind.events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'machineFailed', cause: { message: 'of another version' } },
    })
    expect(await cluster.outcome(behind.node.propose(bytes('a')))).toMatchObject({
      code: 'machineFailed',
    })
    expect(await closes(cluster, behind)).toBe(true)
    expect(behind.snapshots).toMatchObject({ openReaders: 0, closed: 1 })
  })
})

describe('a state machine that breaks its contract', () => {
  it.each([
    [
      'throws when it is given a batch',
      () => {
        throw new Error('no')
      },
      'no',
    ],
    [
      'fails at a batch',
      (done: (error: Error, results: number[]) => void) => done(new Error('no'), []),
      'no',
    ],
    [
      'gives more results than it got entries',
      (done: (error: undefined, results: number[]) => void) => done(undefined, [1, 2, 3]),
      '3 results for 1 entries',
    ],
  ])('and %s stops the node, and everybody who waits is told', async (_, fail, says) => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    leader.machine.apply = (_entries, done) => fail(done as never)
    const proposed = settled(leader.node.propose(bytes('a')))
    const waits = settled(leader.node.waitApplied(9))
    await cluster.run(20)
    expect(await proposed).toMatchObject({ code: 'outcomeUnknown', reason: 'failed' })
    expect(await waits).toMatchObject({
      code: 'machineFailed',
      cause: { message: expect.stringContaining(says) },
    })
    expect(await closes(cluster, leader)).toBe(true)
  })

  it('and answers twice is heard once', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    const apply = leader.machine.apply.bind(leader.machine)
    leader.machine.apply = (entries, done) => {
      apply(entries, done)
      done(undefined, [])
    }
    expect(await cluster.outcome(leader.node.propose(bytes('a')))).toMatchObject({ result: 1 })
    expect(leader.node.status().state).toBe('running')
  })
})

describe('a node that is closed', () => {
  it('in the middle of a batch waits for the machine, and nobody else does', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    const later: (() => void)[] = []
    const apply = leader.machine.apply.bind(leader.machine)
    leader.machine.apply = (entries, done) => {
      later.push(() => apply(entries, done))
    }
    const proposed = settled(leader.node.propose(bytes('a')))
    await cluster.run(20)
    let isClosed = false
    const closing = leader.node.close().then(() => {
      isClosed = true
    })
    await cluster.run(50)
    expect(await proposed).toMatchObject({ code: 'outcomeUnknown', reason: 'closed' })
    expect(isClosed).toBe(false)
    for (const run of later) run()
    await closing
    // What it applied after it was closed is nobody's business any more.
    expect(leader.node.status().appliedIndex).toBe(1)
  })

  it.each([
    ['has the state', undefined],
    ['could not take it', new Error('not that one')],
  ])('in the middle of a restore waits until the machine %s', async (_, outcome) => {
    const [cluster, behind] = await leaveBehind()
    const waiting: Done[] = []
    behind.machine.restore = (_mark, _reader, done) => void waiting.push(done)
    for (let i = 0; i < 300 && waiting.length === 0; i++) await cluster.run(10)
    expect(await closes(cluster, behind)).toBe(false)
    expect(behind.snapshots.closed).toBe(0)
    waiting[0]?.(outcome)
    expect(await closes(cluster, behind)).toBe(true)
    expect(behind.snapshots).toMatchObject({ openReaders: 0, closed: 1 })
    expect(behind.node.status().state).toBe('closed')
    expect(behind.events.map(({ type }) => type)).not.toContain('snapshotInstalled')
  })

  it('in the middle of a capture gives the state back, and stores nothing', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    const waiting: (() => void)[] = []
    const capture = leader.machine.capture.bind(leader.machine)
    leader.machine.capture = (done) => void waiting.push(() => capture(done))
    await cluster.propose(3)
    const taken = settled(leader.node.takeSnapshot())
    await cluster.run(20)
    expect(await closes(cluster, leader)).toBe(false)
    expect(await taken).toMatchObject({ code: 'closed' })
    for (const run of waiting) run()
    expect(await closes(cluster, leader)).toBe(true)
    expect(leader.machine).toMatchObject({ captures: 1, releases: 1 })
    expect(leader.snapshots.complete.size + leader.snapshots.created.size).toBe(0)
  })

  it('when all of a state has been read does not finish the snapshot of it', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    await cluster.propose(1)
    let end = (): void => undefined
    leader.machine.capture = (done) => {
      const capture: StateCapture = {
        next: (give) => {
          end = () => give(undefined, undefined)
        },
        release: () => {
          leader.machine.releases++
        },
      }
      done(undefined, capture)
    }
    const taken = settled(leader.node.takeSnapshot())
    await cluster.run(20)
    expect(await closes(cluster, leader)).toBe(false)
    end()
    expect(await closes(cluster, leader)).toBe(true)
    expect(await taken).toMatchObject({ code: 'closed' })
    expect(leader.machine.releases).toBe(1)
    expect(leader.snapshots.complete.size + leader.snapshots.created.size).toBe(0)
  })
})
