/** The same node twice: one whose hot calls go past Connect's handlers, and one where all go by them. */
import http2 from 'node:http2'
import { createHotCalls } from '../clients/hot-calls.ts'
import type { Submission, Submitted } from '../host/types.ts'
import { requestBytesUnderWay } from '../http/body-limits.ts'
import { openClientPort } from '../http/client-port.ts'
import { type DoorLimits, doorLimits } from '../http/door-limits.ts'
import { createNodeMetrics } from '../metrics/node-metrics.ts'
import { createDoor } from '../services/door.ts'
import { createRoutes } from '../services/index.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { RecentStages } from '../tracing/recent-stages.ts'
import { createTraceInterceptors, type SlowCall } from '../tracing/trace-interceptors.ts'
import { createMemoryHost, foundMemoryHost } from './memory-host.ts'
import { loginTo } from './memory-services.ts'

export const testOrigin = 'http://localhost:3000'

/** What a test may set: its clock stands still, so that both ways say the same. */
const startMs = Date.UTC(2026, 10, 22, 9, 0)

export type World = Awaited<ReturnType<typeof openWorld>>

/** Takes what is to be done when the test is over. */
type OnFinished = (close: () => Promise<void>) => void

/** The hot one, then Connect's. */
export async function bothWays(
  onFinished: OnFinished,
  limits: Partial<DoorLimits> = {},
  holdsPerMinute = 0,
): Promise<readonly [World, World]> {
  return [
    await openWorld(onFinished, 'hot', limits, holdsPerMinute),
    await openWorld(onFinished, 'connect', limits, holdsPerMinute),
  ]
}

async function openWorld(
  onFinished: OnFinished,
  way: 'hot' | 'connect',
  limits: Partial<DoorLimits>,
  holdsPerMinute: number,
) {
  const memory = createMemoryHost(startMs)
  foundMemoryHost(memory)
  for (const command of demoCommands({ nowMs: startMs, timeZone: 'Europe/Zurich' }))
    memory.run(command)
  /** What the log does instead of taking a command. */
  let log: ((submission: Submission) => Promise<Submitted>) | undefined
  const submit = (submission: Submission) => (log ?? memory.submit)(submission)
  const host = {
    ...memory,
    submit,
    submitWith: (submission: Submission, done: (error: unknown, to?: Submitted) => void) => {
      submit(submission).then((submitted) => done(undefined, submitted), done)
    },
  }
  const { headers } = loginTo(memory, 'ann@example.org', 'passenger')
  const door = createDoor(host, { holdsPerMinute, searchesPerMinute: 0 })
  const metrics = createNodeMetrics()
  const slow: SlowCall[] = []
  const tracing = createTraceInterceptors({
    slowMs: Number.MIN_VALUE,
    recent: new RecentStages(),
    onSlow: (call) => slow.push(call),
  })
  const bugs: string[] = []
  let taken = 0
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [testOrigin],
    routes: createRoutes({ host, door, secureCookies: false, gatewayUrl: undefined }),
    interceptors: [metrics.interceptor, tracing.outer, ...door.interceptors, tracing.inner],
    plainRoutes: [],
    takers: (parts) => {
      if (way === 'connect') return []
      const take = createHotCalls({ ...parts, host, door, watch: tracing.streamed(metrics.single) })
      return [
        (stream, requestHeaders) => {
          const isTaken = take(stream, requestHeaders)
          if (isTaken) taken += 1
          return isTaken
        },
      ]
    },
    health: { unready: () => [] },
    limits: { ...doorLimits, ...limits },
    onBug: (what, reason) => bugs.push(`${what}: ${String(reason)}`),
    shutdownSignal: new AbortController().signal,
  })
  const baseUrl = `http://127.0.0.1:${port.port}`
  const session = http2.connect(baseUrl)
  session.on('error', () => {})
  onFinished(async () => {
    session.destroy()
    await port.close(0)
  })
  return {
    ...{ host: memory, headers, metrics, slow, bugs, baseUrl, session },
    close: (graceMs: number) => port.close(graceMs),
    /** Of the calls so far, those that went past Connect's handlers. */
    taken: () => taken,
    logInstead(next: typeof log) {
      log = next
    },
  }
}

export interface RawRequest {
  readonly headers: http2.OutgoingHttpHeaders
  /** Each is written by itself; none: the headers end the stream. */
  readonly body: readonly Uint8Array[]
  /** What the client does instead of ending its body. */
  readonly instead?: 'reset' | 'nothing'
}

export interface RawAnswer {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  /** Of HTTP/2's reset; 0: none. */
  readonly reset: number
}

/** What came back, byte for byte. */
export async function ask({ session }: World, request: RawRequest): Promise<RawAnswer> {
  const { headers, body, instead } = request
  const stream = session.request(headers, { endStream: body.length === 0 })
  let answer: Readonly<Record<string, unknown>> = {}
  const pieces: Buffer[] = []
  stream.on('response', ({ date, ...rest }) => {
    answer = { ...rest, date: typeof date }
  })
  stream.on('data', (piece: Buffer) => pieces.push(piece))
  stream.on('error', () => {})
  const closed = new Promise<void>((resolve) => stream.on('close', () => resolve()))
  const ended = new Promise<void>((resolve) => stream.on('end', () => resolve()))
  for (const piece of body) {
    stream.write(piece)
    await new Promise((resolve) => setTimeout(resolve, body.length > 1 ? 5 : 0))
  }
  if (instead === 'reset') stream.close(http2.constants.NGHTTP2_CANCEL)
  else if (instead === undefined && body.length > 0) stream.end()
  await Promise.race([closed, ended])
  // An answer that was whole may come before the body's end.
  if (!stream.closed) stream.close()
  await closed
  return {
    headers: { ...answer },
    body: Buffer.concat(pieces).toString('latin1'),
    reset: stream.rstCode,
  }
}

/** All that was ever asked is over. */
export const isQuiet = (): boolean => requestBytesUnderWay() === 0
