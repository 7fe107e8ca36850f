import { readFileSync } from 'node:fs'
import net from 'node:net'
import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { beginCall, cancelCall, noSettings, preface } from '../src/testing/raw-frames.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

/**
 * By hand, on a machine that does nothing else, the whole half minute, and then nobody may be elected:
 * QUORAIL_STRANGERS_SECONDS=30. A machine that is busy with other tests holds elections by itself; `nice` does not help
 * there, since the kernel weighs sessions first (/proc/PID/autogroup), and each node has one of its own.
 */
const { QUORAIL_STRANGERS_SECONDS: byHand } = process.env
const isCi = process.env.CI !== undefined && process.env.CI !== ''
const seconds = Number(byHand ?? (isCi ? 15 : 6))
const loginsPerSecond = 200
const halfOpen = 2_000
const shortestElectionMs = 500

test('half-open connections, reset floods and 200 log-ins a second: bookings flow', async () => {
  await using cluster = await TestCluster.start({ nodeArguments: ['--metrics-port', '0'] })
  const { passenger } = cluster.logins
  const { nodes, paymentSandbox } = cluster.addresses
  const pat = await eventually(() => ApiPassenger.logIn(nodes, paymentSandbox, passenger))
  const journey = await eventually(() => pat.journey('PMR', 'VDC', tomorrow()))
  const { id, term, pid, address } = await cluster.leader()
  const first = nodes.indexOf(address)
  const port = Number(new URL(address).port)
  // What was before does not count: each scrape begins anew.
  await longestDelaysMs(cluster)
  const until = performance.now() + seconds * 1_000
  const isOver = () => performance.now() >= until
  const [gaps, answers, openAtOnce, ...floods] = await Promise.all([
    book(pat, journey, isOver),
    logIns([...nodes.slice(first), ...nodes.slice(0, first)], isOver),
    keepHalfOpen(port, isOver),
    ...floodedPaths.map((path) => resetFlood(port, path, isOver)),
  ])
  // Each fault has happened.
  const counts = Object.fromEntries(
    [...new Set(answers)].map((code) => [code, answers.filter((one) => one === code).length]),
  )
  const delaysMs = await longestDelaysMs(cluster)
  // Before anything is expected of it: whoever fails wants to know what it was.
  console.log(
    JSON.stringify({
      bookings: gaps.length,
      longestMs: Math.round(Math.max(...gaps)),
      counts,
      openAtOnce,
      floods,
      delaysMs,
      terms: (await cluster.leader()).term - term,
      residentMib: process.platform === 'linux' ? residentMib(pid) : undefined,
    }),
  )
  expect(answers.length, JSON.stringify(counts)).toBeGreaterThan(seconds * 50)
  expect(counts.resource_exhausted ?? 0, JSON.stringify(counts)).toBeGreaterThan(0)
  for (const code of Object.keys(counts))
    expect(['unauthenticated', 'resource_exhausted', 'unavailable', 'lost']).toContain(code)
  expect(openAtOnce).toBeGreaterThan(halfOpen / 2)
  for (const { connections, ended } of floods) {
    expect(connections).toBeGreaterThan(seconds / 3)
    expect(ended).toBe(connections)
  }
  // And nothing has come of it.
  expect(gaps.length).toBeGreaterThan(0)
  expect(Math.max(...gaps)).toBeLessThan(byHand === undefined ? 60_000 : 2_000)
  expect(cluster.nodeIds.map((node) => /"level":"(error|fatal)"/.exec(cluster.log(node)))).toEqual([
    null,
    null,
    null,
  ])
  if (byHand !== undefined) {
    expect(await cluster.leader()).toMatchObject({ id, term })
    expect(Math.max(...delaysMs)).toBeLessThan(shortestElectionMs)
  }
  if (process.platform === 'linux') expect(residentMib(pid)).toBeLessThan(1_000)
})

/** How long each node's event loop was late at most since the last time it was asked. */
async function longestDelaysMs(cluster: TestCluster): Promise<readonly number[]> {
  const texts = cluster.nodeIds.map(async (node) => {
    const port = /"metricsPort":(\d+)/.exec(cluster.log(node))?.[1]
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    const seconds = /^nodejs_eventloop_lag_max_seconds (.*)$/m.exec(text)?.[1]
    return Math.round(Number(seconds) * 1_000)
  })
  return Promise.all(texts)
}

/** Holds and gives back, one after the other: how long each took. */
async function book(pat: ApiPassenger, journey: Journey, isOver: () => boolean): Promise<number[]> {
  const gaps: number[] = []
  while (!isOver()) {
    const startedAt = performance.now()
    const { bookingId } = await pat.hold(journey)
    await pat.bookings.releaseHold({ requestId: `release-${bookingId}`, bookingId })
    gaps.push(performance.now() - startedAt)
  }
  return gaps
}

/** Each with another email, so that the throttle does not answer; where a node leads no more, at the next one. */
async function logIns(nodes: readonly string[], isOver: () => boolean): Promise<string[]> {
  const answers: Promise<string>[] = []
  let at = 0
  for (let tick = 0; !isOver(); tick += 1) {
    for (let one = 0; one < loginsPerSecond / 10; one += 1) {
      const asked = at
      const answer = logIn(nodes[asked % nodes.length] ?? '', `nobody-${tick}-${one}@example.org`)
      answers.push(answer)
      void answer.then((code) => {
        if (code === 'unavailable' && at === asked) at += 1
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return Promise.all(answers)
}

async function logIn(address: string, email: string): Promise<string> {
  try {
    return await answerTo(address, email)
  } catch {
    // A connection that was made room with.
    return 'lost'
  }
}

async function answerTo(address: string, email: string): Promise<string> {
  const response = await fetch(`${address}/quorail.booking.v1.AccountService/LogIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'wrong horse' }),
  })
  return String(((await response.json()) as { code?: string }).code)
}

/** Connections that have begun to say something, or nothing, and go no further; new ones for those that were closed. */
async function keepHalfOpen(port: number, isOver: () => boolean): Promise<number> {
  const open = new Set<net.Socket>()
  let most = 0
  while (!isOver()) {
    for (let at = 0; at < 200 && open.size < halfOpen; at += 1) {
      const socket = net.connect(port, '127.0.0.1')
      if (at % 2 === 0) socket.write('POST /x HTTP/1.1\r\nHost: x\r\nX-')
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
      open.add(socket)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    most = Math.max(most, [...open].filter((socket) => !socket.connecting).length)
  }
  for (const socket of open) socket.destroy()
  return most
}

/** One that goes to Connect's handlers, and one of those that go past them (`createHotCalls`). */
const floodedPaths = [
  '/quorail.booking.v1.TimetableService/SearchStations',
  '/quorail.booking.v1.BookingService/HoldSeats',
]

interface Flood {
  readonly path: string
  readonly connections: number
  /** Of these the node has ended so many: it does that only when it has seen the resets. */
  readonly ended: number
}

/** Two connections a second, each with 5,000 calls that are cancelled at once; all are waited for. */
async function resetFlood(port: number, path: string, isOver: () => boolean): Promise<Flood> {
  const type = path.includes('BookingService') ? 'application/proto' : 'application/grpc'
  const calls = Array.from({ length: 5_000 }, (_, at) => 2 * at + 1)
  const frames = Buffer.concat(
    calls.flatMap((call) => [beginCall(call, path, type), cancelCall(call)]),
  )
  const ends: Promise<boolean>[] = []
  while (!isOver()) {
    const socket = net.connect(port, '127.0.0.1')
    ends.push(endedByNode(socket))
    socket.write(Buffer.concat([preface, noSettings, frames]))
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const ended = (await Promise.all(ends)).filter((it) => it).length
  return { path, connections: ends.length, ended }
}

function endedByNode(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false)
      socket.destroy()
    }, 60_000)
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(true)
    })
    socket.resume()
  })
}

function residentMib(pid: number | null): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1_024)
}
