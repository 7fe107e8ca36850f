/**
 * A small server that speaks llama.cpp's stream format (`/v1/chat/completions`, `/v1/models`), for
 * tests. Where its words come from is the test's: a fixed list, or a real model.
 */
import http from 'node:http'
import type net from 'node:net'

export interface LlamaServerOptions {
  /** The pieces of an answer, as the model makes them. Must stop when `signal` aborts. */
  readonly tokens: (prompt: string, signal: AbortSignal) => AsyncIterable<string>
  /** Before the first byte of the head; for ever when `Infinity`. */
  readonly headDelayMs?: number
  /** Answers every request with this error instead. */
  readonly refuse?: { readonly status: number; readonly message: string }
  /** Ends the connection after so many pieces, without `[DONE]`. */
  readonly breakAfter?: number
}

export interface LlamaServer {
  readonly url: string
  /** Requests that came, ended, and were cut off by the client. */
  readonly seen: { started: number; finished: number; cancelled: number }
  readonly bodies: string[]
  close(): Promise<void>
}

export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const seen = { started: 0, finished: 0, cancelled: 0 }
  const bodies: string[] = []
  const server = http.createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: http.IncomingMessage, response: http.ServerResponse) {
    if (request.url === '/v1/models') {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'tiny', object: 'model' }] }))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    bodies.push(Buffer.concat(chunks).toString('utf8'))
    seen.started += 1
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) seen.cancelled += 1
      gone.abort()
    })
    const { refuse, headDelayMs = 0 } = options
    if (refuse !== undefined) {
      response.writeHead(refuse.status, { 'content-type': 'application/json' })
      const error = { code: refuse.status, message: refuse.message, type: 'error' }
      response.end(JSON.stringify({ error }))
      return
    }
    if (headDelayMs === Number.POSITIVE_INFINITY) return
    await new Promise((resolve) => setTimeout(resolve, headDelayMs))
    await stream(response, gone.signal)
  }

  async function stream(response: http.ServerResponse, signal: AbortSignal) {
    response.writeHead(200, { 'content-type': 'text/event-stream', server: 'llama.cpp' })
    const send = (delta: object, finish: string | null) => {
      const choices = [{ finish_reason: finish, index: 0, delta }]
      response.write(
        `data: ${JSON.stringify({ choices, model: 'tiny', object: 'chat.completion.chunk' })}\n\n`,
      )
    }
    send({ role: 'assistant', content: null }, null)
    let count = 0
    for await (const content of options.tokens(bodies.at(-1) ?? '', signal)) {
      if (signal.aborted) return
      send({ content }, null)
      count += 1
      if (count === options.breakAfter) return response.destroy()
    }
    if (signal.aborted) return
    send({}, 'stop')
    const usage = { prompt_tokens: 7, completion_tokens: count, total_tokens: 7 + count }
    response.write(`data: ${JSON.stringify({ choices: [], model: 'tiny', usage })}\n\n`)
    response.end('data: [DONE]\n\n')
    seen.finished += 1
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Words at a pace, then the end. */
export function paced(words: readonly string[], everyMs: number): LlamaServerOptions['tokens'] {
  return async function* tokens(_prompt, signal) {
    for (const word of words) {
      if (signal.aborted) return
      yield word
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }
}
