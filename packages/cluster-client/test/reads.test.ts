import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ConnectRouter, createClient, createRouterTransport } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { expect, onTestFinished, test } from 'vitest'
import {
  type ClusterTransportOptions,
  createClusterTransport,
  createSeenIndex,
  forwarded,
  newRequestId,
  readAs,
  sourceIndex,
} from '../src/index.ts'
import { findStations } from './seen-index-example.ts'

/** A node that notes what it is asked for, and answers at `index`. */
class Node {
  index = 10n
  readonly asked: string[] = []

  readonly routes = (router: ConnectRouter): void => {
    router.service(TimetableService, {
      searchStations: (_request, { requestHeader }) => this.#answer('search', requestHeader),
    })
    router.service(BookingService, {
      holdSeats: (_request, { requestHeader }) => this.#answer('hold', requestHeader),
      extendHold: (_request, { requestHeader }) => {
        this.#answer('extend', requestHeader)
        return {}
      },
    })
  }

  #answer(what: string, headers: Headers): { index: bigint } {
    const read = headers.get('quorail-read') ?? '-'
    const forward = headers.get('quorail-forward') ?? '-'
    this.asked.push(`${what} ${read} ${forward}`)
    return { index: this.index }
  }
}

function world(options: Partial<ClusterTransportOptions> = {}) {
  const node = new Node()
  const transport = createClusterTransport({
    endpoints: ['http://n1.invalid'],
    createTransport: () => createRouterTransport(node.routes),
    ...options,
  })
  const timetable = createClient(TimetableService, transport)
  const bookings = createClient(BookingService, transport)
  const hold = () => bookings.holdSeats({ requestId: newRequestId(), runId: 1n })
  const extend = () => bookings.extendHold({ requestId: newRequestId(), bookingId: 1n })
  return { node, transport, timetable, hold, extend }
}

test('reads are as new as the transport says, or the call by itself; what has an effect asks for nothing', async () => {
  const plain = world()
  await plain.timetable.searchStations({})
  await plain.timetable.searchStations({}, readAs('linearizable'))
  expect(plain.node.asked).toEqual(['search - -', 'search linearizable -'])
  const exact = world({ reads: 'linearizable' })
  await exact.timetable.searchStations({})
  await exact.timetable.searchStations({}, readAs('stale'))
  await exact.timetable.searchStations({}, readAs({ atLeast: 7n }))
  await exact.hold()
  expect(exact.node.asked).toEqual([
    'search linearizable -',
    'search stale -',
    'search index=7 -',
    'hold - -',
  ])
})

test('who has seen an index is shown nothing older, whatever has shown it', async () => {
  const seen = createSeenIndex()
  const { node, timetable, hold, extend } = world({ reads: seen })
  await timetable.searchStations({})
  node.index = 25n
  await hold()
  node.index = 20n
  await timetable.searchStations({})
  await extend()
  await timetable.searchStations({})
  expect(node.asked.filter((one) => one.startsWith('search'))).toEqual([
    'search index=0 -',
    'search index=25 -',
    'search index=25 -',
  ])
  expect(seen.atLeast).toBe(25n)
  // As another process goes on that was handed it over.
  expect(createSeenIndex(seen.atLeast).atLeast).toBe(25n)
})

test('an answer says at which index it is, if it does', async () => {
  const { timetable, extend } = world()
  expect(sourceIndex(await timetable.searchStations({}))).toBe(10n)
  expect(sourceIndex(await extend())).toBeUndefined()
})

test('a node can be asked to pass calls on, and is not taken for the leader because of it', async () => {
  const { node, transport, hold } = world({ forward: true })
  await hold()
  expect(node.asked).toEqual(['hold - 1'])
  expect(transport.state()).toMatchObject({ reachability: 'reachable', leaderUrl: undefined })
  const once = world()
  await once.timetable.searchStations({}, forwarded(readAs('stale', { timeoutMs: 5_000 })))
  expect(once.node.asked).toEqual(['search stale 1'])
  await once.hold()
  expect(once.transport.state().leaderUrl).toBe('http://n1.invalid')
})

test('the README’s example runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = readFileSync(new URL('./seen-index-example.ts', import.meta.url), 'utf8')
  expect(readme).toContain(example.replace('../src/index.ts', '@quorail/cluster-client'))
  const node = new Node()
  const server = createServer(connectNodeAdapter({ routes: node.routes }))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const answers = await findStations([`http://127.0.0.1:${port}`], 'zur')
  expect(answers.map(({ index }) => index)).toEqual([10n, 10n, 10n])
  expect(node.asked).toEqual(['search index=0 -', 'search index=10 -', 'search linearizable -'])
})
