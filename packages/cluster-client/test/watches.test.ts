import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { create } from '@bufbuild/protobuf'
import {
  Code,
  type ConnectRouter,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { ErrorDetail_Outcome } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import {
  type ChangeWatchRequest,
  WatchEventKind as Kind,
  type Subscription,
  type WatchEvent,
  WatchEventSchema,
  WatchService,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, onTestFinished, test } from 'vitest'
import { createWatches, type WatchesLimits } from '../src/index.ts'
import { refusal } from './fake-cluster.ts'
import { watchFreeSeats } from './watch-seats-example.ts'

const journey = { runId: 1n, fromStop: 0, toStop: 2 }
type Event = Parameters<typeof create<typeof WatchEventSchema>>[1] & object

/** A node that says what a test wants. */
class Node {
  readonly opened: (readonly Subscription[])[] = []
  readonly changes: ChangeWatchRequest[] = []
  clusterId = 'c1'
  refuse: Error | undefined
  isSilent = false
  open = 0
  #queue: (Event | Error)[] = []
  #wake: () => void = () => undefined

  say(...events: (Event | Error)[]): void {
    this.#queue.push(...events)
    this.#wake()
  }

  readonly routes = (router: ConnectRouter): void => {
    const node = this
    router.service(WatchService, {
      async *watch({ subscriptions }, { signal }) {
        if (node.refuse !== undefined) throw node.refuse
        node.opened.push(subscriptions)
        node.open++
        signal.addEventListener('abort', () => node.#wake())
        try {
          const { clusterId } = node
          if (!node.isSilent)
            yield { opened: { watchId: `w${node.opened.length}`, clusterId, heartbeatMs: 100 } }
          while (!signal.aborted) {
            const next = node.#queue.shift()
            if (next instanceof Error) throw next
            if (next !== undefined)
              yield { events: [create(WatchEventSchema, next)] as WatchEvent[] }
            else
              await new Promise<void>((resolve) => {
                node.#wake = resolve
              })
          }
        } finally {
          node.open--
        }
      },
      changeWatch(request) {
        node.changes.push(request)
        return {}
      },
    })
  }
}

function start(limits: Partial<WatchesLimits> = {}) {
  const nodes = { 'http://a': new Node(), 'http://b': new Node() }
  const transports = new Map<string, Transport>(
    Object.entries(nodes).map(([url, { routes }]) => [url, createRouterTransport(routes)]),
  )
  const watches = createWatches({
    endpoints: Object.keys(nodes),
    createTransport: (url) => transports.get(url) as Transport,
    random: () => 0,
    limits: { pauseFirstMs: 1, pauseMostMs: 5, ...limits },
  })
  onTestFinished(() => watches.close())
  return { a: nodes['http://a'], b: nodes['http://b'], watches }
}

const bytes = (...of: number[]) => new Uint8Array(of)
const seat = (number: number, free: boolean) => ({ seat: number, free })
const snapshot = (
  index: number,
  free: readonly boolean[],
  id = 1,
  kind = Kind.SNAPSHOT,
): Event => ({
  subscriptionId: id,
  kind,
  index: BigInt(index),
  fingerprint: bytes(index),
  body: { case: 'seatMap', value: { seats: free.map((it, at) => seat(at, it)) } },
})
const change = (index: number, number: number, free: boolean): Event => ({
  subscriptionId: 1,
  kind: Kind.CHANGE,
  index: BigInt(index),
  fingerprint: bytes(index),
  body: { case: 'seatMapChange', value: { seats: [seat(number, free)] } },
})

function watchSeats({ watches }: ReturnType<typeof start>, afterIndex = 0n) {
  const seen: { free: (boolean | undefined)[]; index: number; isLive: boolean; code?: string }[] =
    []
  const leave = watches.seatMap(
    journey,
    ({ value, index, isLive, error }) =>
      seen.push({
        free: value?.seats.map((it) => it.free) ?? [],
        index: Number(index),
        isLive,
        ...(error && { code: error.code }),
      }),
    { afterIndex },
  )
  return { seen, leave }
}

test('listeners are given the whole state with every change folded in', async () => {
  const world = start()
  const { seen } = watchSeats(world)
  world.a.say(snapshot(5, [true, true]), change(6, 1, false))
  await expect
    .poll(() => seen)
    .toEqual([
      { free: [true, true], index: 5, isLive: true },
      { free: [true, false], index: 6, isLive: true },
    ])
})

test('one stream carries everything; what is watched later or no longer is told by a call', async () => {
  const { a, watches } = start()
  const leave = watches.seatMap(journey, () => undefined)
  watches.booking(7n, () => undefined)
  await expect.poll(() => a.opened.map((it) => it.length)).toEqual([2])
  watches.node(() => undefined)
  await expect.poll(() => a.changes.map((it) => it.add.length)).toEqual([1])
  leave()
  await expect.poll(() => a.changes.at(-1)?.remove).toEqual([1])
  expect([a.opened.length, a.changes[0]?.watchId]).toEqual([1, 'w1'])
})

test('a lost stream is opened at the next node with what is known; older events are not shown', async () => {
  const world = start()
  const { a, b } = world
  const { seen } = watchSeats(world)
  a.say(
    snapshot(5, [true, true]),
    refusal(Code.Unavailable, 'NODE_BEHIND', ErrorDetail_Outcome.NOT_DONE),
  )
  await expect.poll(() => b.opened[0]).toMatchObject([{ afterIndex: 5n, fingerprint: bytes(5) }])
  expect(seen.at(-1)).toEqual({ free: [true, true], index: 5, isLive: false, code: 'NODE_BEHIND' })
  const resumed = { subscriptionId: 1, kind: Kind.RESUMED, index: 8n, fingerprint: bytes(5) }
  b.say(change(4, 0, false), resumed, change(9, 1, false))
  await expect
    .poll(() => seen.slice(-2))
    .toEqual([
      { free: [true, true], index: 8, isLive: true },
      { free: [true, false], index: 9, isLive: true },
    ])
})

test('an index that was seen in another answer is asked for', async () => {
  const world = start()
  watchSeats(world, 33n)
  await expect.poll(() => world.a.opened[0]?.[0]?.afterIndex).toBe(33n)
})

test('a node that says nothing, at first or later, is left for another', async () => {
  const world = start({ openMs: 60, silenceMs: 120 })
  world.a.isSilent = true
  const { seen } = watchSeats(world)
  world.b.say(snapshot(5, [true]))
  await expect.poll(() => seen.some(({ isLive }) => isLive)).toBe(true)
  await expect.poll(() => world.a.opened.length).toBeGreaterThan(1)
  expect(seen.at(-1)).toMatchObject({ free: [true], isLive: false })
})

test('indexes of another cluster are forgotten', async () => {
  const world = start()
  const { seen } = watchSeats(world)
  world.a.say(snapshot(500, [true]))
  await expect.poll(() => seen.length).toBe(1)
  world.b.clusterId = 'c2'
  world.b.say(snapshot(3, [false]))
  world.a.say(refusal(Code.Unavailable, 'NO_LEADER', ErrorDetail_Outcome.NOT_DONE))
  await expect.poll(() => seen.at(-1)).toMatchObject({ free: [false], index: 3, isLive: true })
})

test('a refused stream is tried again, and listeners know that they are not told', async () => {
  const world = start()
  const tooMany = refusal(Code.ResourceExhausted, 'TOO_MANY_WATCHES', ErrorDetail_Outcome.NOT_DONE)
  world.a.refuse = tooMany
  world.b.refuse = tooMany
  const { seen } = watchSeats(world)
  await expect.poll(() => seen.at(-1)?.code).toBe('TOO_MANY_WATCHES')
  world.b.refuse = undefined
  world.b.say(snapshot(5, [true]))
  await expect.poll(() => seen.at(-1)).toEqual({ free: [true], index: 5, isLive: true })
})

test('what is not there is told once, and not asked for again', async () => {
  const { a, b, watches } = start()
  const seen: unknown[] = []
  watches.booking(7n, ({ hasEnded, error }) => seen.push([hasEnded, error?.code]))
  watches.node(() => undefined)
  const detail = { code: 'BOOKING_NOT_FOUND', outcome: ErrorDetail_Outcome.NOT_DONE }
  a.say({ subscriptionId: 1, kind: Kind.ERROR, index: 5n, body: { case: 'error', value: detail } })
  await expect.poll(() => seen).toEqual([[true, 'BOOKING_NOT_FOUND']])
  a.say(refusal(Code.Unavailable, 'NO_LEADER', ErrorDetail_Outcome.NOT_DONE))
  await expect.poll(() => b.opened[0]?.map(({ id }) => id)).toEqual([2])
})

test('nobody watches, or looks: no stream; then on from where it was', async () => {
  const world = start({ lingerMs: 20 })
  const { a, watches } = world
  const { leave, seen } = watchSeats(world)
  a.say(snapshot(5, [true]))
  await expect.poll(() => seen.length).toBe(1)
  watches.pause()
  await expect.poll(() => a.open).toBe(0)
  watches.resume()
  await expect.poll(() => a.opened[1]).toMatchObject([{ afterIndex: 5n }])
  leave()
  await expect.poll(() => a.open).toBe(0)
})

test('the README’s example runs, in a browser’s way', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = readFileSync(new URL('./watch-seats-example.ts', import.meta.url), 'utf8')
  expect(readme).toContain(example.replace('../src/index.ts', '@quorail/cluster-client'))
  const node = new Node()
  const server = createServer(connectNodeAdapter({ routes: node.routes }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const free: number[] = []
  const end = watchFreeSeats([`http://127.0.0.1:${port}`], journey, (count) => free.push(count))
  onTestFinished(() => {
    end()
    server.closeAllConnections()
    server.close()
  })
  node.say(snapshot(5, [true, true]), change(6, 0, false))
  await expect.poll(() => free).toEqual([2, 1])
})
