import { eventData } from './sse.ts'

export interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly maxTokens: number
  readonly temperature: number | undefined
}

export type ChatEvent =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'finished'
      readonly reason: 'stop' | 'length'
      readonly promptTokens: number
      readonly completionTokens: number
      readonly model: string
    }

/** llama.cpp's server refused, broke off or said something it should not. */
export class LlamaError extends Error {
  override readonly name = 'LlamaError'
  /** Whether another request may go better; false for a request that can never be answered. */
  readonly retryable: boolean
  constructor(message: string, retryable: boolean, cause?: unknown) {
    super(message, { cause })
    this.retryable = retryable
  }
}

interface Chunk {
  readonly error?: { readonly message?: string }
  readonly model?: string
  readonly choices?: readonly {
    readonly finish_reason?: string | null
    readonly delta?: { readonly content?: string | null }
  }[]
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number }
}

/**
 * One answer of llama.cpp's `/v1/chat/completions`, as it comes. Aborting `signal` closes the
 * connection, which is how the server learns that nobody listens any more. Throws a `LlamaError`.
 */
export async function* chatStream(
  url: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const response = await open(url, request, signal)
  let [reason, model, promptTokens, completionTokens] = ['stop', '', 0, 0]
  for await (const data of eventData(bodyOf(response, signal))) {
    if (data === '[DONE]') {
      const finish = reason === 'length' ? 'length' : 'stop'
      yield { type: 'finished', reason: finish, promptTokens, completionTokens, model }
      return
    }
    const chunk = parse(data)
    if (chunk.error !== undefined) {
      throw new LlamaError(`The model failed: ${chunk.error.message ?? 'no reason given'}`, true)
    }
    model = chunk.model ?? model
    promptTokens = chunk.usage?.prompt_tokens ?? promptTokens
    completionTokens = chunk.usage?.completion_tokens ?? completionTokens
    for (const { delta, finish_reason } of chunk.choices ?? []) {
      // The first piece's content is null, not absent.
      const text = delta?.content
      if (typeof text === 'string' && text !== '') yield { type: 'text', text }
      if (typeof finish_reason === 'string') reason = finish_reason
    }
  }
  throw new LlamaError('The model broke off in the middle of its answer.', true)
}

async function open(url: string, request: ChatRequest, signal: AbortSignal): Promise<Response> {
  const { messages, maxTokens, temperature } = request
  const body = {
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: maxTokens,
    ...(temperature === undefined ? {} : { temperature }),
  }
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new LlamaError(`llama.cpp's server does not answer at ${url}.`, true, error)
  })
  if (response.ok) return response
  const text = await response.text().catch(() => '')
  const said = messageOf(text) ?? `HTTP ${response.status}`
  throw new LlamaError(`The model refused: ${said}`, response.status >= 500)
}

async function* bodyOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  try {
    yield* response.body
  } catch (error) {
    signal.throwIfAborted()
    throw new LlamaError('The model broke off in the middle of its answer.', true, error)
  }
}

function parse(data: string): Chunk {
  try {
    return JSON.parse(data) as Chunk
  } catch (error) {
    throw new LlamaError('The model said something that is not JSON.', true, error)
  }
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Chunk).error?.message
  } catch {
    return undefined
  }
}
