import { type Client, Code, ConnectError, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { LlmService, Role } from '@quorail/proto/quorail/llm/v1/llm_pb'

/** How long the assistant waits for a model; all in milliseconds. */
export interface ModelLimits {
  readonly healthMs: number
  readonly firstTokenMs: number
  readonly nextTokenMs: number
  readonly totalMs: number
}

export const modelLimits: ModelLimits = {
  healthMs: 500,
  firstTokenMs: 10_000,
  nextTokenMs: 2_500,
  totalMs: 45_000,
}

export interface ModelTurn {
  readonly question: string
  readonly answer: string
}

export interface ModelPrompt {
  readonly instructions: string
  readonly history: readonly ModelTurn[]
  readonly question: string
}

/** The model did not answer, or stopped answering; the message is for a person. */
export class ModelSilentError extends Error {
  override readonly name = 'ModelSilentError'
}

export interface Model {
  /** Is there one to ask? Never takes longer than `healthMs`. */
  health(
    signal: AbortSignal,
  ): Promise<{ readonly model: string | undefined; readonly explanation: string }>
  /**
   * Pieces of the answer. Ends by itself at `totalMs` with `truncated`. Throws `ModelSilentError`
   * when the model fails or keeps silent. Aborting, or leaving the loop, ends it at llama.cpp.
   */
  answer(
    prompt: ModelPrompt,
    signal: AbortSignal,
  ): AsyncGenerator<string, { readonly truncated: boolean }>
}

export function createModel(
  gatewayUrl: string | undefined,
  limits: ModelLimits = modelLimits,
): Model {
  const client =
    gatewayUrl &&
    createClient(LlmService, createConnectTransport({ baseUrl: gatewayUrl, httpVersion: '1.1' }))
  return {
    async health(signal) {
      const none = 'No language model is set up'
      if (!client) return { model: undefined, explanation: none }
      try {
        const options = { signal, timeoutMs: limits.healthMs }
        const { modelAvailable, model } = await client.getHealth({}, options)
        // What the gateway lacks is for its operator, not for a passenger.
        return modelAvailable ? { model, explanation: '' } : { model: undefined, explanation: none }
      } catch {
        signal.throwIfAborted()
        return { model: undefined, explanation: 'The language model can not be reached' }
      }
    },
    answer: (prompt, signal) => {
      if (!client) throw new ModelSilentError('No language model is set up')
      return answer(client, prompt, limits, signal)
    },
  }
}

async function* answer(
  client: Client<typeof LlmService>,
  prompt: ModelPrompt,
  limits: ModelLimits,
  signal: AbortSignal,
): AsyncGenerator<string, { readonly truncated: boolean }> {
  // Leaving a Connect stream does not end the call: the signal does.
  const stop = new AbortController()
  const deadline = performance.now() + limits.totalMs
  const stream = client
    .generate({ messages: messagesOf(prompt) }, { signal: AbortSignal.any([signal, stop.signal]) })
    [Symbol.asyncIterator]()
  try {
    for (let first = true; ; first = false) {
      const patience = first ? limits.firstTokenMs : limits.nextTokenMs
      const left = deadline - performance.now()
      const next = await within(Math.min(patience, left), stream.next())
      if (next === 'late') {
        if (left <= patience) return { truncated: true }
        throw new ModelSilentError('The language model took too long')
      }
      if (next.done || next.value.event.case === 'finished') return { truncated: false }
      if (next.value.event.case === 'text') yield next.value.event.value
    }
  } catch (error) {
    signal.throwIfAborted()
    throw silent(error)
  } finally {
    stop.abort()
  }
}

function silent(error: unknown): ModelSilentError {
  if (error instanceof ModelSilentError) return error
  const busy = ConnectError.from(error).code === Code.ResourceExhausted
  return new ModelSilentError(busy ? 'The language model is busy' : 'The language model failed', {
    cause: error,
  })
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), 'late')
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
    promise.catch(() => undefined)
  }
}

function messagesOf({ instructions, history, question }: ModelPrompt) {
  return [
    { role: Role.SYSTEM, content: instructions },
    ...history.flatMap((turn) => [
      { role: Role.USER, content: turn.question },
      { role: Role.ASSISTANT, content: turn.answer },
    ]),
    { role: Role.USER, content: question },
  ]
}
