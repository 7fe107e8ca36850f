import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { LlmService, Role } from '@quorail/proto/quorail/llm/v1/llm_pb'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Gateway, startGateway } from './gateway.ts'
import { parseOptions } from './options.ts'
import { type LlamaServer, startLlamaServer } from './testing/llama-server.ts'
import { loadTinyModel, noModelBecause, type TinyModel } from './testing/tiny-model.ts'

const missing = await noModelBecause()

describe.runIf(missing === undefined)('a real model behind the gateway', () => {
  let model: TinyModel
  let llama: LlamaServer
  let gateway: Gateway
  const asked = { messages: [{ role: Role.USER, content: 'trains from delhi to agra' }] }

  beforeAll(async () => {
    model = await loadTinyModel()
    llama = await startLlamaServer({ tokens: model.tokens })
    gateway = await startGateway(parseOptions(['--port', '0', '--llama-url', llama.url], {}))
  })
  afterAll(async () => {
    await gateway?.close()
    await llama?.close()
    await model?.dispose()
  })

  const client = () =>
    createClient(
      LlmService,
      createConnectTransport({ baseUrl: gateway.address, httpVersion: '1.1' }),
    )

  test('its tokens arrive as they are made', async () => {
    const times: number[] = []
    for await (const { event } of client().generate(asked)) {
      if (event.case === 'text') times.push(performance.now())
    }
    expect(times.length).toBeGreaterThan(20)
    expect(new Set(times.map(Math.floor)).size).toBeGreaterThan(10)
  })

  test('stopping in the middle stops the model', async () => {
    const before = { ...llama.seen }
    const stop = new AbortController()
    const reading = (async () => {
      for await (const _ of client().generate(asked, { signal: stop.signal })) stop.abort()
    })()
    await expect(reading).rejects.toThrow()
    await vi.waitFor(() => expect(llama.seen.cancelled).toBe(before.cancelled + 1), 30_000)
    expect(llama.seen.finished).toBe(before.finished)
  })
})

test.runIf(missing !== undefined)(`no real model: ${missing}`, ({ skip }) => {
  skip(missing)
})
