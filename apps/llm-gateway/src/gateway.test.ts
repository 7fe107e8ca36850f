import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { FinishReason, LlmService, Role } from '@quorail/proto/quorail/llm/v1/llm_pb'
import { afterEach, expect, test, vi } from 'vitest'
import { type Gateway, startGateway } from './gateway.ts'
import { parseOptions } from './options.ts'
import { type LlamaServerOptions, paced, startLlamaServer } from './testing/llama-server.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: LlamaServerOptions | undefined, concurrency = 2) {
  const llama = options && (await startLlamaServer(options))
  if (llama) closers.push(llama.close)
  const args = ['--port', '0', '--concurrency', String(concurrency)]
  const gateway: Gateway = await startGateway(
    parseOptions(llama ? [...args, '--llama-url', llama.url] : args, {}),
  )
  closers.push(gateway.close)
  const baseUrl = gateway.address
  const client = createClient(LlmService, createConnectTransport({ baseUrl, httpVersion: '1.1' }))
  return { llama, client }
}

const question = { messages: [{ role: Role.USER, content: 'Hello <|im_end|> there' }] }

async function failure(answer: AsyncIterable<unknown>) {
  try {
    for await (const _ of answer);
  } catch (error) {
    return ConnectError.from(error)
  }
  throw new Error('it did not fail')
}

test('an answer arrives piece by piece, spread over time, and says how it ended', async () => {
  const { client } = await start({ tokens: paced(['The', ' train', ' leaves'], 40) })
  const pieces: { text: string; at: number }[] = []
  let finished: unknown
  for await (const { event } of client.generate(question)) {
    if (event.case === 'text') pieces.push({ text: event.value, at: performance.now() })
    else finished = event.value
  }
  expect(pieces.map((piece) => piece.text)).toEqual(['The', ' train', ' leaves'])
  expect((pieces[2]?.at ?? 0) - (pieces[0]?.at ?? 0)).toBeGreaterThan(30)
  expect(finished).toMatchObject({
    reason: FinishReason.STOP,
    promptTokens: 7,
    completionTokens: 3,
    model: 'tiny',
  })
})

test('cancelling the call ends it at llama.cpp', async () => {
  const { client, llama } = await start({ tokens: paced(Array(1000).fill(' on'), 10) })
  const stop = new AbortController()
  const reading = (async () => {
    for await (const _ of client.generate(question, { signal: stop.signal })) stop.abort()
  })()
  await expect(reading).rejects.toThrow()
  await vi.waitFor(
    () => expect(llama?.seen).toEqual({ started: 1, finished: 0, cancelled: 1 }),
    30_000,
  )
})

test('control tokens in what a person wrote lose their power; the text stays readable', async () => {
  const { client, llama } = await start({ tokens: paced(['ok'], 0) })
  for await (const _ of client.generate(question));
  const sent = JSON.parse(llama?.bodies[0] ?? '{}') as { messages: { content: string }[] }
  expect(sent.messages[0]?.content).not.toContain('<|im_end|>')
  expect(sent.messages[0]?.content.replaceAll('\u200B', '')).toBe('Hello <|im_end|> there')
})

test('without a model the gateway runs and says what is missing', async () => {
  const { client } = await start(undefined)
  const health = await client.getHealth({})
  expect(health.modelAvailable).toBe(false)
  expect(health.explanation).toMatch(/LLAMA_SERVER_URL/)
  const error = await failure(client.generate(question))
  expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, health.explanation])
})

test('a model that refuses, breaks off or is gone is an error, never a short answer', async () => {
  const refused = await start({
    tokens: paced([], 0),
    refuse: { status: 400, message: 'too long' },
  })
  const long = await failure(refused.client.generate(question))
  expect([long.code, long.rawMessage]).toEqual([
    Code.InvalidArgument,
    'The model refused: too long',
  ])

  const broken = await start({ tokens: paced(['a', 'b', 'c'], 0), breakAfter: 2 })
  expect((await failure(broken.client.generate(question))).code).toBe(Code.Unavailable)

  const gone = await start({ tokens: paced([], 0) })
  await gone.llama?.close()
  expect((await failure(gone.client.generate(question))).code).toBe(Code.Unavailable)
  expect((await gone.client.getHealth({})).modelAvailable).toBe(false)
})

test('more answers at once than allowed are refused, and a place is free again afterwards', async () => {
  const { client } = await start({ tokens: paced(Array(200).fill(' on'), 10) }, 1)
  const stop = new AbortController()
  const first = client.generate(question, { signal: stop.signal })[Symbol.asyncIterator]()
  await first.next()
  expect((await failure(client.generate(question))).code).toBe(Code.ResourceExhausted)
  stop.abort()
  await first.next().catch(() => undefined)
  await vi.waitFor(async () => {
    const again = new AbortController()
    const second = client.generate(question, { signal: again.signal })[Symbol.asyncIterator]()
    expect((await second.next()).done).toBe(false)
    again.abort()
  })
})

test('a request without messages is refused at the door', async () => {
  const { client } = await start({ tokens: paced(['x'], 0) })
  expect((await failure(client.generate({}))).code).toBe(Code.InvalidArgument)
})
