import { expect, test } from 'vitest'
import { eventData } from './sse.ts'

async function read(...chunks: (string | Uint8Array)[]) {
  async function* body() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  }
  const events: string[] = []
  for await (const data of eventData(body())) events.push(data)
  return events
}

test('events cut anywhere come out whole, and comments are dropped', async () => {
  expect(await read('da', 'ta: one\n', '\n:\n\ndata: tw', 'o\r\n\r\n')).toEqual(['one', 'two'])
})

test('a letter cut in the middle of its bytes stays whole', async () => {
  const bytes = Buffer.from('data: Zürich\n\n')
  expect(await read(bytes.subarray(0, 8), bytes.subarray(8))).toEqual(['Zürich'])
})

test('an end without a line break still counts', async () => {
  expect(await read('data: [DONE]')).toEqual(['[DONE]'])
})

test('an error in the way of older builds is one', async () => {
  expect(await read('error: {"message":"x"}\n\n')).toEqual(['{"error":{"message":"x"}}'])
})
