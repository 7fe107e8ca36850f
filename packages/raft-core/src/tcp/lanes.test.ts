import { expect, it } from 'vitest'
import {
  ADDRESSES,
  CLUSTER,
  FramesOverMemory,
  MemoryStream,
  pair,
  peersOf,
  streamWith,
} from '../../test/frames-over-memory.ts'
import { FrameReader } from './frame.ts'
import { encodeAnswer, encodeHello, NEWEST_VERSION, readAnswer, readHello } from './handshake.ts'
import type { StreamTransport } from './stream-transport.ts'

const MIB = 1 << 20
const sizes = (batches: readonly Uint8Array[]) => batches.map(({ length }) => length)

it('a small batch does not wait behind pieces of a snapshot', () => {
  const { a, net, got } = pair()
  for (let i = 0; i < 6; i++) a.send('b', new Uint8Array(MIB), 'bulk')
  net.clock.advance(5)
  a.send('b', Uint8Array.of(1))
  net.clock.advance(100)
  expect(got).toHaveLength(7)
  expect(sizes(got).indexOf(1)).toBeLessThan(3)
})

it('the connection for bulk is made when there is a piece to send, and closed when idle', () => {
  const { a, b, net, got, lost } = pair({ idleAfterMs: 5_000 })
  expect(peersOf(a).b?.bulk).toMatchObject({ sending: false, connections: 0 })
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(10)
  expect(got).toHaveLength(1)
  expect(peersOf(a).b?.bulk).toMatchObject({ sending: true, connections: 1, sentBatches: 1 })
  expect(peersOf(b).a?.bulk.receiving).toBe(true)
  net.clock.advance(4_000)
  expect(peersOf(a).b?.bulk.sending).toBe(true)
  net.clock.advance(2_000)
  expect(peersOf(a).b).toMatchObject({ sending: true, connections: 1, bulk: { sending: false } })
  expect(peersOf(b).a).toMatchObject({ receiving: true, bulk: { receiving: false } })
  expect(lost).toEqual([])
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(10)
  expect(got).toHaveLength(2)
  expect(peersOf(a).b?.bulk.connections).toBe(2)
})

it('pieces wait for their connection and behind each other, never more than may', () => {
  const { a, net, got } = pair({ maxBulkWaitingBytes: 2 * MIB + 100_000 })
  for (let i = 0; i < 5; i++) a.send('b', new Uint8Array(MIB), 'bulk')
  expect(peersOf(a).b).toMatchObject({ waitingBytes: 0, dropped: { waitingFull: 3 } })
  expect(peersOf(a).b?.bulk.waitingBytes).toBe(2 * MIB)
  net.clock.advance(100)
  expect(got).toHaveLength(2)
  const stream = streamWith(net, () => a.send('b', Uint8Array.of(1), 'bulk'))
  stream.isStuck = true
  for (let i = 0; i < 5; i++) a.send('b', new Uint8Array(MIB), 'bulk')
  expect(peersOf(a).b?.dropped.waitingFull).toBe(6)
  a.send('b', Uint8Array.of(2))
  net.clock.advance(10)
  expect(sizes(got)).toEqual([MIB, MIB, 1])
  // The largest batch fits, however little may wait.
  stream.release()
  net.clock.advance(10)
  a.send('b', new Uint8Array(4 * MIB), 'bulk')
  net.clock.advance(100)
  expect(sizes(got).at(-1)).toBe(4 * MIB)
})

it('a connection for bulk that can not be made costs what waited for it, and nothing else', () => {
  const { a, b, net, got } = pair()
  for (const transport of [a, b]) transport.setPeers(['a', 'b'])
  net.listening.delete(ADDRESSES.b?.port ?? 0)
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(2)
  a.send('b', new Uint8Array(10), 'bulk')
  expect(peersOf(a).b?.dropped.notConnected).toBe(2)
  expect(peersOf(a).b).toMatchObject({ sending: true, bulk: { sending: false, waitingBytes: 0 } })
  net.listening.set(ADDRESSES.b?.port ?? 0, b)
  const { dials } = net
  net.clock.advance(2_000)
  expect(net.dials).toBe(dials)
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(10)
  expect(got).toHaveLength(1)
})

it('a lost connection for bulk is no lost peer', () => {
  const { a, net, got, lost } = pair()
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(10)
  const stream = streamWith(net, () => a.send('b', new Uint8Array(10), 'bulk'))
  net.clock.advance(10)
  stream.other?.closed('closed by the peer')
  stream.closed('reset', 'failure')
  net.clock.advance(100)
  expect(lost).toEqual([])
  a.send('b', new Uint8Array(10), 'bulk')
  net.clock.advance(10)
  expect(got).toHaveLength(3)
})

/** Listens as `b` and speaks version 1 only: it knows one lane. */
function oldNode(net: FramesOverMemory) {
  const self = { id: 'b', clusterId: CLUSTER, incarnation: undefined }
  const got: Uint8Array[] = []
  const accept: StreamTransport['accept'] = (stream) => {
    const reader = new FrameReader(net.limits.maxBatchBytes)
    let isGreeted = false
    const onBytes = (bytes: Uint8Array) => {
      if (isGreeted) {
        const wrong = reader.read(bytes, (kind, payload) => kind !== 'batch' || !!got.push(payload))
        expect(wrong).toBeUndefined()
        return
      }
      // What stands at the beginning of every hello: the versions that its sender speaks.
      isGreeted = bytes[4] === 1
      stream.write(encodeAnswer(self, isGreeted ? 'accepted' : 'unknownVersion', 1))
      if (!isGreeted) stream.end()
    }
    return { onOpen: () => {}, onBytes, onClosed: () => {} }
  }
  net.listening.set(ADDRESSES.b?.port ?? 0, { accept } as StreamTransport)
  return got
}

it('with an older node everything goes over one connection, pieces never many at a time', () => {
  const net = new FramesOverMemory({ maxBulkWaitingBytes: MIB })
  const got = oldNode(net)
  const a = net.node('a', CLUSTER, { b: ADDRESSES.b as never })
  net.clock.advance(10)
  const { dials } = net
  a.send('b', Uint8Array.of(1), 'bulk')
  a.send('b', Uint8Array.of(2))
  net.clock.advance(10)
  expect(got.map((bytes) => bytes[0])).toEqual([1, 2])
  const stream = streamWith(net, () => a.send('b', Uint8Array.of(3)))
  stream.isStuck = true
  for (let i = 0; i < 10; i++) a.send('b', new Uint8Array(400_000), 'bulk')
  expect(peersOf(a).b?.dropped.waitingFull).toBe(8)
  a.send('b', new Uint8Array(400_000))
  expect(peersOf(a).b?.dropped.waitingFull).toBe(8)
  expect(net.dials).toBe(dials)
})

it('a node that has gone back to an older version refuses the connection for bulk', () => {
  const { a, net } = pair()
  const got = oldNode(net)
  a.send('b', Uint8Array.of(1), 'bulk')
  net.clock.advance(10)
  expect(got).toEqual([])
  expect(net.events.at(-1)).toMatchObject({ by: 'peer', peer: 'b', reason: 'unknownVersion' })
})

it('an older node that connects is answered in its version and heard', () => {
  const net = new FramesOverMemory()
  const b = net.node('b', CLUSTER, { a: ADDRESSES.a as never })
  const stream = new MemoryStream(net, undefined)
  const self = { id: 'a', clusterId: CLUSTER, incarnation: undefined }
  b.accept(stream)?.onBytes(encodeHello(self, 'b', 'normal', 1, 1))
  const answer = readAnswer(stream.written[0] as Uint8Array)
  expect(answer).toMatchObject({ message: { verdict: 'accepted', version: 1 } })
  expect(peersOf(b).a?.receiving).toBe(true)
})

it('a hello for a lane that nobody knows is refused', () => {
  const hello = encodeHello({ id: 'a', clusterId: CLUSTER, incarnation: undefined }, 'b', 'bulk')
  expect(readHello(hello)).toMatchObject({ message: { lane: 'bulk' }, version: NEWEST_VERSION })
  const lane = 'express' as 'bulk'
  const unknown = encodeHello({ id: 'a', clusterId: CLUSTER, incarnation: undefined }, 'b', lane)
  expect(readHello(unknown)).toMatchObject({ type: 'refused', reason: 'malformed' })
})
