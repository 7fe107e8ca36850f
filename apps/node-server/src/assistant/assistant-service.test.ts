import http from 'node:http'
import type net from 'node:net'
import { createClient, createRouterTransport } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import {
  type AskBotResponse,
  AssistantService,
  Source,
} from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { LlmService } from '@quorail/proto/quorail/llm/v1/llm_pb'
import { afterEach, expect, test, vi } from 'vitest'
import { createInterceptors } from '../services/index.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createAssistantService } from './assistant-service.ts'
import { createModel } from './model-answer.ts'

const nowMs = Date.UTC(2026, 10, 22, 9, 0)
const limits = { healthMs: 300, firstTokenMs: 150, nextTokenMs: 150, totalMs: 600 }
const question = 'Trains from Port Marin to Valdor Central tomorrow'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Say = (signal: AbortSignal) => AsyncIterable<string>
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A gateway whose model says what the test wants. */
async function gateway(say: Say) {
  const seen = { prompts: [] as string[], cancelled: 0 }
  const adapter = connectNodeAdapter({
    routes: (router) => {
      router.service(LlmService, {
        getHealth: () => ({ modelAvailable: true, model: 'tiny' }),
        async *generate(request, context) {
          seen.prompts.push(request.messages.map((message) => message.content).join('\n'))
          context.signal.addEventListener('abort', () => (seen.cancelled += 1))
          for await (const value of say(context.signal)) yield { event: { case: 'text', value } }
          yield { event: { case: 'finished', value: {} } }
        },
      })
    },
  })
  const server = http.createServer(adapter)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`, seen }
}

function assistant(gatewayUrl: string | undefined) {
  const host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone: 'UTC' })) host.run(command)
  const model = createModel(gatewayUrl, limits)
  const transport = createRouterTransport(
    (router) => router.service(AssistantService, createAssistantService({ host, model })),
    { router: { interceptors: createInterceptors(host) } },
  )
  return createClient(AssistantService, transport)
}

async function read(answer: AsyncIterable<AskBotResponse>) {
  const events: AskBotResponse['event'][] = []
  for await (const { event } of answer) events.push(event)
  const texts = events.flatMap((event) => (event.case === 'text' ? [event.value] : []))
  return { events, texts, text: texts.join('') }
}

test('without a model the built-in answers speak within a second, word by word, and say so', async () => {
  const begun = performance.now()
  const { events, texts, text } = await read(assistant(undefined).askBot({ question }))
  expect(performance.now() - begun).toBeLessThan(30_000)
  expect(events[0]).toMatchObject({ case: 'started', value: { source: Source.BUILT_IN } })
  expect(JSON.stringify(events[0])).toContain('built-in answers')
  expect(text).toMatch(/direct trains? from Port Marin to Valdor Central on Monday,? 23 November/)
  expect(text).toMatch(/class 2 €\d+\.\d\d, \d+ free/)
  expect(texts.length).toBeGreaterThan(20)
  expect(events.at(-1)).toMatchObject({ case: 'finished', value: { truncated: false } })
})

test('a model answers token by token, and has the facts', async () => {
  const { url, seen } = await gateway(async function* () {
    yield 'At'
    yield ' noon.'
  })
  const { events, texts } = await read(assistant(url).askBot({ question }))
  expect(events[0]).toMatchObject({
    case: 'started',
    value: { source: Source.MODEL, model: 'tiny' },
  })
  expect(texts).toEqual(['At', ' noon.'])
  expect(seen.prompts[0]).toContain('direct train')
})

test('a model that never begins is replaced by the built-in answers, and its call is ended', async () => {
  const { url, seen } = await gateway(async function* (signal) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    yield ''
  })
  const { events, text } = await read(assistant(url).askBot({ question }))
  expect(events.map((event) => event.case).slice(0, 2)).toEqual(['started', 'restarted'])
  expect(text).toContain('direct train')
  await vi.waitFor(() => expect(seen.cancelled).toBe(1), 30_000)
})

test('a model that stops in the middle is replaced too', async () => {
  const { url } = await gateway(async function* (signal) {
    yield 'At'
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  const { events } = await read(assistant(url).askBot({ question }))
  expect(events.map((event) => event.case).slice(0, 3)).toEqual(['started', 'text', 'restarted'])
})

test('an answer that takes too long in all is cut, and says so', async () => {
  const { url } = await gateway(async function* (signal) {
    while (!signal.aborted) {
      yield 'on '
      await after(20)
    }
  })
  const { events, texts } = await read(assistant(url).askBot({ question }))
  expect(texts.length).toBeGreaterThan(5)
  expect(events.at(-1)).toMatchObject({ case: 'finished', value: { truncated: true } })
})

test('stopping ends the call at the gateway', async () => {
  const { url, seen } = await gateway(async function* (signal) {
    while (!signal.aborted) {
      yield 'on '
      await after(20)
    }
  })
  const stop = new AbortController()
  const reading = (async () => {
    for await (const { event } of assistant(url).askBot({ question }, { signal: stop.signal })) {
      if (event.case === 'text') stop.abort()
    }
  })()
  await expect(reading).rejects.toThrow()
  await vi.waitFor(() => expect(seen.cancelled).toBe(1), 30_000)
})

test('bookings are for who is logged in', async () => {
  const { text } = await read(assistant(undefined).askBot({ question: 'Show my bookings' }))
  expect(text).toContain('Log in')
})
