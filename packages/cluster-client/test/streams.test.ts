import { Code, createClient, type HandlerContext } from '@connectrpc/connect'
import { AssistantService } from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { ErrorDetail_Outcome } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { afterEach, describe, expect, test } from 'vitest'
import { createClusterTransport, describeError, readStream } from '../src/index.ts'
import {
  type FakeNode,
  notLeader,
  refusal,
  startFakeNode,
  transportOf,
  type Wire,
} from './fake-cluster.ts'

const nodes: FakeNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
})

async function cluster(wire: Wire) {
  const [a, b] = [await startFakeNode(wire), await startFakeNode(wire)]
  nodes.push(a, b)
  const transport = createClusterTransport({
    endpoints: [a.url, b.url],
    createTransport: transportOf(wire),
    limits: { firstMessageMs: 300, probeMs: 150, openStreamMs: 1_500, pauseMostMs: 50 },
  })
  const bot = createClient(AssistantService, transport)
  const ask = (signal?: AbortSignal) =>
    readStream((own) => bot.askBot({ question: 'when?' }, { signal: own }), {
      ...(signal === undefined ? {} : { signal }),
    })
  return { a, b, bot, ask }
}

const text = (value: string) => ({ event: { case: 'text' as const, value } })

/** Says words for ever, and notes when the caller has gone. */
function chatter(node: FakeNode): { ended: boolean } {
  const seen = { ended: false }
  node.answer = async function* (context: HandlerContext) {
    context.signal.addEventListener('abort', () => {
      seen.ended = true
    })
    for (let i = 0; !context.signal.aborted; i++) {
      yield text(`word ${i}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return seen
}

describe.each(['http/1.1', 'h2c', 'browser'] as const)('streams over %s', (wire) => {
  test('open at the leader, following a hint before the first message', async () => {
    const { a, b, ask } = await cluster(wire)
    a.lead = () => {
      throw notLeader(b.url, 2n)
    }
    const words = []
    for await (const { event } of ask()) words.push(event.value)
    expect(words).toEqual(['hello'])
  })

  test('open at another node when one is dead or paused', async () => {
    const { a, ask } = await cluster(wire)
    a.pause()
    const words = []
    for await (const { event } of ask()) words.push(event.value)
    expect(words).toEqual(['hello'])
  })

  test('leaving the loop ends the call at the server', async () => {
    const { a, ask } = await cluster(wire)
    const seen = chatter(a)
    for await (const { event } of ask()) if (event.value === 'word 2') break
    await expect.poll(() => seen.ended).toBe(true)
  })

  test('so does the signal, in the middle of waiting', async () => {
    const { a, ask } = await cluster(wire)
    const seen = chatter(a)
    const controller = new AbortController()
    const read = async () => {
      for await (const { event } of ask(controller.signal)) {
        if (event.value === 'word 2') controller.abort()
      }
    }
    await expect(read()).rejects.toMatchObject({ code: Code.Canceled })
    await expect.poll(() => seen.ended).toBe(true)
  })

  test('an error after the first message is the caller’s', async () => {
    const { a, b, ask } = await cluster(wire)
    a.answer = async function* () {
      yield text('one')
      throw refusal(Code.ResourceExhausted, 'OVERLOADED', ErrorDetail_Outcome.NOT_DONE)
    }
    let asked = 0
    b.lead = () => {
      asked++
    }
    const words: unknown[] = []
    const read = async () => {
      for await (const { event } of ask()) words.push(event.value)
    }
    const error = await read().catch(describeError)
    expect(error).toMatchObject({ code: 'OVERLOADED' })
    expect([words, asked]).toEqual([['one'], 0])
  })
})

test('a stream that goes silent is ended, with a code', async () => {
  const { a, bot } = await cluster('http/1.1')
  a.answer = async function* (context) {
    yield text('one')
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
  }
  const read = async () => {
    const stream = readStream((signal) => bot.askBot({ question: 'x' }, { signal }), {
      silenceMs: 80,
    })
    for await (const _ of stream);
  }
  expect(await read().catch(describeError)).toMatchObject({
    code: 'STREAM_SILENT',
    retryable: true,
  })
})
