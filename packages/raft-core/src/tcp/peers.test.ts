import { expect, it } from 'vitest'
import {
  ADDRESSES,
  CLUSTER,
  FramesOverMemory,
  MemoryStream,
  pair,
  peersOf,
} from '../../test/frames-over-memory.ts'
import { encodeHello, readAnswer } from './handshake.ts'

const reasons = (net: FramesOverMemory) =>
  net.events.flatMap((e) => (e.type === 'refused' ? [`${e.node} ${e.by} ${e.reason}`] : []))

it('a peer that is removed is no longer connected with, and told that it has lost nobody', () => {
  const { net, a, b, lost } = pair()
  const lostByA: string[] = []
  a.onPeerLost = (peer) => void lostByA.push(peer)
  a.setPeers([])
  expect(peersOf(a)).toEqual({})
  net.clock.advance(5)
  expect(peersOf(b).a).toMatchObject({ sending: false, receiving: false })
  a.send('b', Uint8Array.of(1))
  expect(a.stats().droppedForStrangers).toBe(1)
  net.clock.advance(1_000)
  expect([lost, lostByA]).toEqual([[], []])
  const detail = 'closed by the peer, which lives on'
  expect(net.events).toContainEqual(expect.objectContaining({ node: 'b', peer: 'a', detail }))
})

it('what is sent to a peer before it is removed still arrives', () => {
  const { net, a, got } = pair()
  a.send('b', Uint8Array.of(1))
  a.setPeers([])
  net.clock.advance(5)
  expect(got.map((bytes) => bytes[0])).toEqual([1])
})

it('peers that stay keep their connections, and itself is none', () => {
  const { net, a } = pair()
  a.setPeers(['c', 'b', 'a'])
  net.node('c')
  net.clock.advance(2_000)
  expect(Object.keys(peersOf(a)).sort()).toEqual(['b', 'c'])
  expect(peersOf(a).b?.connections).toBe(1)
  expect(peersOf(a).c).toMatchObject({ sending: true, receiving: true })
})

/** `a` has `d` as a peer; `d` waits to be added and has none. */
function joining(limits = {}) {
  const net = new FramesOverMemory(limits)
  const d = net.node('d', CLUSTER, ADDRESSES, [])
  const a = net.node('a', CLUSTER, ADDRESSES, ['d'])
  const got = { a: 0, d: 0 }
  d.onReceive = (from, bytes) => {
    got.d += 1
    d.send(from, bytes)
  }
  a.onReceive = () => {
    got.a += 1
  }
  net.clock.advance(50)
  return { net, a, d, got }
}

it('a node that is no peer is heard and answered: a leader speaks with who has yet to join', () => {
  const { net, a, d, got } = joining()
  expect(peersOf(d).a).toMatchObject({ isPeer: false, receiving: true, sending: false })
  a.send('d', Uint8Array.of(1))
  net.clock.advance(20)
  expect(got).toEqual({ a: 1, d: 1 })
  expect(peersOf(a).d).toMatchObject({ isPeer: true, sending: true, receiving: true })
})

it('a guest is given pieces of a snapshot before anything else was said to it', () => {
  const { net, d, got } = joining()
  d.send('a', Uint8Array.of(1), 'bulk')
  net.clock.advance(20)
  expect(got.a).toBe(1)
  expect(peersOf(d).a).toMatchObject({ sending: false, bulk: { sending: true } })
})

it('a guest that becomes a peer keeps its connections', () => {
  const { net, a, d, got } = joining({ idleAfterMs: 3_000 })
  a.send('d', Uint8Array.of(1))
  net.clock.advance(20)
  d.setPeers(['a'])
  net.clock.advance(10_000)
  a.send('d', Uint8Array.of(1))
  net.clock.advance(20)
  expect(got).toEqual({ a: 2, d: 2 })
  expect(peersOf(d).a).toMatchObject({ isPeer: true, connections: 1, receiving: true })
})

it('a guest that was not answered yet is connected to once it becomes a peer', () => {
  const { net, d } = joining()
  d.setPeers(['a'])
  net.clock.advance(20)
  expect(peersOf(d).a).toMatchObject({ isPeer: true, sending: true })
})

it('the way to a guest is closed when idle, which is no loss, and a guest that goes is forgotten', () => {
  const { net, a, d } = joining({ idleAfterMs: 3_000 })
  const lost: string[] = []
  a.onPeerLost = (peer) => void lost.push(peer)
  a.send('d', Uint8Array.of(1))
  net.clock.advance(20)
  expect(peersOf(d).a?.sending).toBe(true)
  net.clock.advance(5_000)
  expect(peersOf(d).a).toMatchObject({ sending: false, receiving: true })
  expect(lost).toEqual([])
  a.send('d', Uint8Array.of(1))
  net.clock.advance(20)
  expect(peersOf(d).a).toMatchObject({ sending: true, connections: 2 })
  a.closeStreams()
  net.clock.advance(20)
  expect(peersOf(d)).toEqual({})
})

it('a removed node that goes on speaking is a guest like any other', () => {
  const { net, a, b } = pair()
  const got: string[] = []
  a.onReceive = (from) => void got.push(from)
  a.setPeers([])
  net.clock.advance(100)
  b.send('a', Uint8Array.of(1))
  net.clock.advance(10)
  expect(got).toEqual(['b'])
  expect(peersOf(a).b?.isPeer).toBe(false)
})

it('so many guests and no more; peers are always let in', () => {
  const net = new FramesOverMemory({ maxGuests: 2 })
  const a = net.node('a', CLUSTER, ADDRESSES, ['b'])
  const verdict = (id: string) => {
    const stream = new MemoryStream(net, undefined)
    const hello = encodeHello({ id, clusterId: CLUSTER, incarnation: undefined }, 'a')
    a.accept(stream)?.onBytes(hello)
    const answer = readAnswer(stream.written[0] as Uint8Array)
    return answer.type === 'read' ? answer.message.verdict : answer.type
  }
  expect(['x', 'y', 'z', 'x', 'b'].map(verdict)).toEqual([
    'accepted',
    'accepted',
    'unknownPeer',
    'accepted',
    'accepted',
  ])
  expect(reasons(net)).toEqual(['a us unknownPeer'])
})

it('a guest must be of the cluster, and the one that its certificate names', () => {
  const { net, d } = joining()
  const refused = (clusterId: string, names: readonly string[]) => {
    const stream = new MemoryStream(net, undefined)
    const handlers = d.accept(stream)
    handlers?.onOpen(names)
    handlers?.onBytes(encodeHello({ id: 'x', clusterId, incarnation: undefined }, 'd'))
  }
  refused('f0'.repeat(16), ['x'])
  refused(CLUSTER, ['y'])
  expect(reasons(net)).toEqual(['d us otherCluster', 'd us wrongCertificate'])
  expect(Object.keys(peersOf(d))).toEqual(['a'])
})

it('an address is asked for anew with each try, and told once that there is none', () => {
  const net = new FramesOverMemory()
  const addresses = { b: undefined as never }
  const a = net.node('a', CLUSTER, addresses, ['b'])
  net.node('b')
  net.clock.advance(5_000)
  const told = net.events.filter(({ node, type }) => node === 'a' && type === 'unreachable')
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ peer: 'b', detail: 'no address of it is known' })
  expect(peersOf(a).b?.sending).toBe(false)
  addresses.b = ADDRESSES.b as never
  net.clock.advance(1_000)
  expect(peersOf(a).b?.sending).toBe(true)
})

it('who was reached and is away again is told as unreachable anew', () => {
  const net = new FramesOverMemory()
  net.node('a', CLUSTER, ADDRESSES, ['b'])
  const told = () => net.events.filter(({ type }) => type === 'unreachable').length
  net.clock.advance(3_000)
  expect(told()).toBe(1)
  const b = net.node('b', CLUSTER, ADDRESSES, [])
  net.clock.advance(3_000)
  b.closeStreams()
  net.listening.delete(ADDRESSES.b?.port ?? 0)
  net.clock.advance(3_000)
  expect(told()).toBe(2)
})
