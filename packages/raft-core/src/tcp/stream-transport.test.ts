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
import { encodeFrame } from './frame.ts'
import { encodeHello, readAnswer } from './handshake.ts'

it('counts what is sent, received and dropped, and knows the incarnation of the other', () => {
  const { a, b, net, got } = pair()
  a.send('b', new Uint8Array(10))
  a.send('c', new Uint8Array(7))
  a.send('nobody', new Uint8Array(1))
  net.clock.advance(10)
  expect(got).toHaveLength(1)
  expect(peersOf(a).b).toMatchObject({ sentBatches: 1, sentBytes: 10, connections: 1 })
  expect(peersOf(b).a).toMatchObject({ receivedBatches: 1, receivedBytes: 10, receiving: true })
  expect(peersOf(b).a?.incarnation).toBe('a0'.repeat(16))
  expect(peersOf(a).c).toMatchObject({ droppedBatches: 1, droppedBytes: 7, sending: false })
  expect(peersOf(a).c?.dropped.notConnected).toBe(1)
  expect(a.stats().droppedForStrangers).toBe(1)
})

it('drops what is too large, and what exceeds the bytes that may wait', () => {
  const { a, net, got } = pair({ maxBatchBytes: 1000, maxWaitingBytes: 1500 })
  a.send('b', new Uint8Array(1001))
  expect(peersOf(a).b?.dropped.tooLarge).toBe(1)
  const stream = streamWith(net, () => a.send('b', new Uint8Array(1)))
  net.clock.advance(10)
  stream.isStuck = true
  for (let i = 0; i < 5; i++) a.send('b', new Uint8Array(700))
  expect(peersOf(a).b?.dropped).toEqual({ notConnected: 0, waitingFull: 3, tooLarge: 1 })
  expect(peersOf(a).b?.waitingBytes).toBe(2 * 709)
  net.clock.advance(10)
  expect(got).toHaveLength(1)
})

it('an idle connection is kept, and one on which nothing is heard is replaced', () => {
  const { a, net, got, lost } = pair()
  net.clock.advance(60_000)
  expect(peersOf(a).b?.connections).toBe(1)
  const stream = streamWith(net, () => a.send('b', new Uint8Array(1)))
  net.clock.advance(10)
  const { other } = stream
  // The cable is out: neither end is told anything, and nothing gets through.
  stream.isStuck = true
  if (other !== undefined) other.isStuck = true
  net.clock.advance(1_500)
  expect(peersOf(a).b?.connections).toBe(1)
  net.clock.advance(1_500)
  expect(peersOf(a).b?.connections).toBe(2)
  a.send('b', new Uint8Array(2))
  net.clock.advance(10)
  expect(got.at(-1)).toHaveLength(2)
  expect(lost).toEqual([])
  const ends = net.events.filter(({ type }) => type === 'disconnected')
  expect(ends).toContainEqual(
    expect.objectContaining({ node: 'a', peer: 'b', detail: 'silent for 2000 ms' }),
  )
})

it('a silent incoming connection is given up, which is no loss of the peer', () => {
  const { a, b, net, lost } = pair()
  const stream = streamWith(net, () => a.send('b', new Uint8Array(1)))
  stream.isStuck = true
  a.closeStreams()
  net.listening.delete(1)
  net.clock.advance(2_600)
  expect(peersOf(b).a?.receiving).toBe(false)
  expect(lost).toEqual([])
})

it('tries again with growing pauses, and at once when the peer shows itself', () => {
  const net = new FramesOverMemory()
  net.node('a', CLUSTER, { b: ADDRESSES.b as never })
  net.clock.advance(10_000)
  const { dials } = net
  expect(dials).toBeGreaterThan(10)
  expect(dials).toBeLessThan(30)
  expect(net.events.filter(({ type }) => type === 'unreachable')).toHaveLength(1)
  const b = net.node('b', CLUSTER, { a: ADDRESSES.a as never })
  net.clock.advance(10)
  expect(peersOf(b).a).toMatchObject({ receiving: true, sending: true })
})

it('refuses by a typed reason: cluster, name, certificate', () => {
  const reasons = (net: FramesOverMemory) =>
    net.events.flatMap((e) => (e.type === 'refused' ? [`${e.node} ${e.by} ${e.reason}`] : []))
  const foreign = new FramesOverMemory()
  foreign.node('a')
  foreign.node('b', 'f0'.repeat(16))
  foreign.clock.advance(50)
  expect(new Set(reasons(foreign))).toEqual(
    new Set([
      'a us otherCluster',
      'a peer otherCluster',
      'b us otherCluster',
      'b peer otherCluster',
    ]),
  )
  const swapped = new FramesOverMemory()
  swapped.node('a', CLUSTER, { b: ADDRESSES.c as never })
  swapped.node('c', CLUSTER, {})
  swapped.clock.advance(50)
  expect(reasons(swapped)).toEqual(['c us otherNode', 'a peer otherNode'])
  swapped.clock.advance(5_000)
  expect(swapped.dials).toBeGreaterThan(4)
  expect(reasons(swapped).filter((reason) => reason.startsWith('a'))).toHaveLength(1)
  const uncertified = new FramesOverMemory()
  uncertified.certified = (address) => (address === undefined ? ['c'] : ['b'])
  uncertified.node('a', CLUSTER, { b: ADDRESSES.b as never })
  uncertified.node('b')
  uncertified.clock.advance(50)
  expect(reasons(uncertified)).toContain('b us wrongCertificate')
  expect(reasons(uncertified)).toContain('a peer wrongCertificate')
})

it('a version that is not known is refused in words, and strangers get little', () => {
  const net = new FramesOverMemory({ maxStrangers: 3 })
  const b = net.node('b', CLUSTER, { a: ADDRESSES.a as never })
  const stranger = () => {
    const stream = new MemoryStream(net, undefined)
    return { stream, handlers: b.accept(stream) }
  }
  const late = stranger()
  const self = { id: 'a', clusterId: CLUSTER, incarnation: undefined }
  late.handlers?.onBytes(encodeHello(self, 'b', 'normal', 7, 9))
  const answer = readAnswer(late.stream.written[0] as Uint8Array)
  expect(answer).toMatchObject({ message: { verdict: 'unknownVersion', version: 2 } })
  expect(net.events.at(-1)).toMatchObject({ by: 'us', reason: 'unknownVersion' })
  const silent = [stranger(), stranger(), stranger()]
  expect(b.stats().strangers).toBe(3)
  expect(stranger().handlers).toBeUndefined()
  net.clock.advance(2_000)
  expect(b.stats().strangers).toBe(0)
  for (const { stream } of silent) expect(net.streams.has(stream)).toBe(false)
})

it('a damaged frame ends its connection, and nothing behind it is believed', () => {
  const { a, net, got, lost } = pair()
  const stream = streamWith(net, () => a.send('b', Uint8Array.of(1)))
  const damaged = encodeFrame('batch', Uint8Array.of(2))
  damaged[9] = 3
  stream.write(damaged)
  stream.write(encodeFrame('batch', Uint8Array.of(4)))
  net.clock.advance(10)
  expect(got.map((bytes) => bytes[0])).toEqual([1])
  expect(lost).toEqual([])
  net.clock.advance(100)
  a.send('b', Uint8Array.of(5))
  net.clock.advance(10)
  expect(got.map((bytes) => bytes[0])).toEqual([1, 5])
})

it('bug: a hello that was long under way ended the connection that stood, and its end was a loss', () => {
  const { a, b, net, got, lost } = pair()
  const standing = streamWith(net, () => a.send('b', Uint8Array.of(1)))
  const late = new MemoryStream(net, undefined)
  const handlers = b.accept(late)
  handlers?.onBytes(encodeHello({ id: 'a', clusterId: CLUSTER, incarnation: undefined }, 'b'))
  handlers?.onClosed({ by: 'peer', detail: 'it was given up long ago' })
  net.clock.advance(10)
  expect(lost).toEqual([])
  expect(net.streams.has(standing)).toBe(true)
  a.send('b', Uint8Array.of(2))
  net.clock.advance(10)
  expect(got.map((bytes) => bytes[0])).toEqual([1, 2])
  expect(peersOf(a).b?.connections).toBe(1)
  // What was left over of it does not hide a real loss.
  a.closeStreams()
  net.clock.advance(10)
  expect(lost).toEqual(['a'])
})

it('a peer that connects again and again keeps few connections', () => {
  const { b, net, lost } = pair()
  const self = { id: 'a', clusterId: CLUSTER, incarnation: '01'.repeat(16) }
  const again = Array.from({ length: 5 }, () => {
    const stream = new MemoryStream(net, undefined)
    b.accept(stream)?.onBytes(encodeHello(self, 'b'))
    return stream
  })
  expect(again.map((stream) => net.streams.has(stream))).toEqual([false, false, true, true, true])
  expect(peersOf(b).a).toMatchObject({ receiving: true, incarnation: '01'.repeat(16) })
  expect(lost).toEqual([])
})

it('a pause of this process alone breaks no connection', () => {
  const { a, b, net } = pair()
  const { clock } = net
  const now = clock.now.bind(clock)
  let paused = 0
  clock.now = () => now() + paused
  clock.advance(400)
  paused = 5_000
  clock.advance(3_000)
  expect(peersOf(a).b?.connections).toBe(1)
  expect(peersOf(b).a?.connections).toBe(1)
})

it('after closing it tells nothing more', () => {
  const { b, net, lost } = pair()
  net.events.length = 0
  b.closeStreams()
  net.clock.advance(5_000)
  expect(net.events.filter(({ node }) => node === 'b')).toEqual([])
  expect(lost).toEqual([])
})
