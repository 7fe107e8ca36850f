import type { Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { check } from './log-history.ts'
import type { SuiteCase } from './log-store-suite.ts'
import { Party } from './transport-party.ts'
import { inOrder, keptLittle, MIB, pattern, same, sendToNobody } from './transport-suite-batches.ts'
import { addLaneCases } from './transport-suite-lanes.ts'
import { addPeerCases } from './transport-suite-peers.ts'

/** A network under test: transports of the nodes `a`, `b` and `c` that know each other. */
export interface TransportSubject {
  /** Starts a node's transport, for the first time or after `close`, at the same address. */
  open(id: NodeId): Promise<Transport>
  /** Ends it as the end of its process would; resolves once it is gone. */
  close(id: NodeId): Promise<void>
  /** Lets so many milliseconds pass. */
  wait(ms: number): Promise<void>
  /** Leaves nothing behind. */
  dispose(): Promise<void>
  /**
   * Starts a node's transport as a member of another cluster with the same names and addresses.
   * Needed for the case about foreign clusters.
   */
  openForeign?(id: NodeId): Promise<Transport>
}

/** What a transport does that the port leaves to it: each adds cases. */
export interface TransportFeatures {
  /** The subject has `openForeign`. */
  readonly foreign?: boolean
  /** It has a stream of its own for `bulk`, in which at least 4 MiB may wait. */
  readonly lanes?: boolean
  /** It has `setPeers`; until that is called, `a`, `b` and `c` are each other's peers. */
  readonly setPeers?: boolean
}

/**
 * What a stream-like transport must do. The port lets a transport lose batches: here it may where a
 * peer is away, not while both are there and little waits. Each case makes its own subject.
 */
export function transportSuite(
  makeSubject: () => TransportSubject | Promise<TransportSubject>,
  features: TransportFeatures = {},
): readonly SuiteCase[] {
  const cases: SuiteCase[] = []
  const add = (name: string, run: (party: Party) => Promise<void>): void => {
    cases.push({ name, run: () => Party.with(makeSubject, run) })
  }

  add('a batch reaches whom it is for, under the name of its sender', async (party) => {
    await party.meet('a', 'b', 'c')
    party.send('a', 'b', Uint8Array.of(1, 2, 3))
    await party.until(() => party.got('b').length === 1, 'a batch did not arrive')
    await party.wait(50)
    const [batch] = party.got('b')
    check(batch?.from === 'a', `it came from ${batch?.from} instead of a`)
    check(batch.bytes.join() === '1,2,3', `it came as ${batch.bytes.join()}`)
    check(party.got('c').length === 0, 'another node got it as well')
    check(party.got('a').length === 0, 'its sender got it')
  })
  add('many small batches all arrive, in order', async (party) => {
    await party.meet('a', 'b')
    await inOrder(party, 5_000, 40)
  })
  add('batches of all sizes arrive whole and in order', async (party) => {
    await party.meet('a', 'b')
    const sizes = [0, 1, 2, 1_000, 65_535, 65_536, 65_537, 300_000, 3, MIB, 0, 5]
    for (const [i, size] of sizes.entries()) party.send('a', 'b', pattern(i, size))
    await party.until(() => party.got('b').length >= sizes.length, 'not all batches arrived')
    for (const [i, { bytes }] of party.got('b').entries()) {
      same(bytes, pattern(i, sizes[i] as number), `batch ${i}`)
    }
  })
  add('a batch of 4 MiB arrives whole, and what follows it', async (party) => {
    await party.meet('a', 'b')
    party.send('a', 'b', pattern(7, 4 * MIB))
    party.send('a', 'b', pattern(8, 10))
    await party.until(() => party.got('b').length >= 2, 'a batch of 4 MiB did not arrive')
    same(party.got('b')[0]?.bytes, pattern(7, 4 * MIB), 'the batch of 4 MiB')
    same(party.got('b')[1]?.bytes, pattern(8, 10), 'the batch behind it')
  })
  add('each receiver has bytes of its own, and the sender may use its again', async (party) => {
    await party.meet('a', 'b', 'c')
    for (const size of [10, 200_000]) {
      party.forget()
      const sent = pattern(1, size)
      party.send('a', 'b', sent)
      party.send('a', 'c', sent)
      sent.fill(255)
      await party.until(() => party.got('b').length + party.got('c').length >= 2, 'they were lost')
      const [b, c] = [party.got('b')[0]?.bytes, party.got('c')[0]?.bytes]
      same(b, pattern(1, size), 'what the sender wrote over after sending')
      b?.fill(7)
      same(c, pattern(1, size), 'what another receiver wrote over')
    }
  })
  add('both directions at once, sent from within receiving', async (party) => {
    await party.meet('a', 'b')
    party.onReceive('b', (batch) => party.send('b', 'a', batch.bytes))
    let rounds = 0
    party.onReceive('a', () => {
      if (++rounds < 500) party.send('a', 'b', pattern(rounds, 50))
    })
    party.send('a', 'b', pattern(0, 50))
    await party.until(() => rounds >= 500, 'the exchange stopped')
  })
  add('sending to who is away, or to nobody, throws nothing and keeps little', async (party) => {
    await party.meet('a', 'b')
    sendToNobody(party, 'normal')
    party.send('a', 'nobody', pattern(1, MIB))
    await inOrder(party, 100, 40)
    await party.open('c')
    await party.meet('a', 'c', 'b')
    await keptLittle(party)
  })
  add('after a restart of the receiver batches reach the new one', async (party) => {
    await party.meet('a', 'b')
    for (let round = 0; round < 2; round++) {
      await party.close('b')
      party.send('a', 'b', pattern(0, 100))
      await party.wait(50)
      await party.open('b')
      await party.meet('a', 'b')
      await inOrder(party, 100, 40)
    }
  })
  add('after a restart of the sender its batches arrive', async (party) => {
    await party.meet('a', 'b')
    await party.close('a')
    await party.open('a')
    await party.meet('a', 'b')
    await inOrder(party, 100, 40)
  })
  add('who closes is told to the others as lost, each time once', async (party) => {
    await party.meet('a', 'b', 'c')
    check(party.lost('a').length === 0, `${party.lost('a')} was lost while it was there`)
    for (let round = 1; round <= 2; round++) {
      await party.close('b')
      const told = () => party.lost('a').length >= round && party.lost('c').length >= round
      await party.until(told, 'the others were not told that a node was lost')
      await party.wait(50)
      for (const id of ['a', 'c']) {
        const expected = Array.from({ length: round }, () => 'b').join()
        check(party.lost(id).join() === expected, `${id} lost ${party.lost(id)}, not ${expected}`)
      }
      await party.open('b')
      await party.meet('a', 'b', 'c')
    }
  })
  add('after closing nothing is received, and nothing is sent', async (party) => {
    await party.meet('a', 'b', 'c')
    const old = party.handle('b')
    for (let i = 0; i < 50; i++) party.send('a', 'b', pattern(i, 1_000))
    await party.close('b')
    const before = old.got.length + old.lost.length
    for (let i = 0; i < 50; i++) party.send('a', 'b', pattern(i, 1_000))
    old.transport.send('c', Uint8Array.of(1))
    await party.close('c')
    await party.open('b')
    await party.meet('a', 'b')
    party.send('a', 'b', pattern(1, 1_000))
    await party.until(() => party.got('b').length === 1, 'a batch did not arrive')
    check(old.got.length + old.lost.length === before, 'a closed transport went on receiving')
    check(party.got('c').length === 0, 'a closed transport went on sending')
  })
  if (features.lanes === true) addLaneCases(add)
  if (features.setPeers === true) addPeerCases(add)
  if (features.foreign === true) {
    add('a node of another cluster is neither heard nor told anything', async (party) => {
      await party.meet('a', 'b')
      await party.close('b')
      await party.openForeign('b')
      for (let i = 0; i < 40; i++) {
        party.send('b', 'a', pattern(i, 10))
        party.send('a', 'b', pattern(i, 10))
        await party.wait(10)
      }
      check(party.got('a').length === 0, 'batches of another cluster were received')
      check(party.got('b').length === 0, 'batches were sent to another cluster')
    })
  }
  return cases
}
