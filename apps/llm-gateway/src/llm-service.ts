import { create } from '@bufbuild/protobuf'
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect'
import {
  FinishReason,
  type GenerateRequest,
  GenerateResponseSchema,
  type LlmService,
  Role,
} from '@quorail/proto/quorail/llm/v1/llm_pb'
import { type ChatEvent, type ChatRequest, chatStream, LlamaError } from './chat-stream.ts'
import type { LlamaProcess } from './llama-process.ts'
import { neutralise } from './neutralise.ts'

export interface LlmServiceOptions {
  readonly llama: LlamaProcess
  readonly concurrency: number
}

const defaultMaxTokens = 512
const healthTimeoutMs = 1_000
const roleNames = {
  [Role.UNSPECIFIED]: 'user',
  [Role.SYSTEM]: 'system',
  [Role.USER]: 'user',
  [Role.ASSISTANT]: 'assistant',
} as const

export function createLlmService(options: LlmServiceOptions): ServiceImpl<typeof LlmService> {
  const { llama, concurrency } = options
  let running = 0
  return {
    async *generate(request, context) {
      const url = llama.url()
      if (url === undefined) throw new ConnectError(llama.problem(), Code.Unavailable)
      if (running >= concurrency) {
        const sentence = `The model is busy with ${running} other answers. Ask again in a moment.`
        throw new ConnectError(sentence, Code.ResourceExhausted)
      }
      running += 1
      // A stream of its own to cancel by: also when the caller just stops reading.
      const stop = new AbortController()
      const signal = AbortSignal.any([context.signal, stop.signal])
      try {
        for await (const event of chatStream(url, chatRequest(request), signal)) {
          yield responseOf(event)
        }
      } catch (error) {
        throw connectError(error, context.signal)
      } finally {
        stop.abort()
        running -= 1
      }
    },

    async getHealth() {
      const url = llama.url()
      if (url === undefined) return { explanation: llama.problem() }
      try {
        const signal = AbortSignal.timeout(healthTimeoutMs)
        const response = await fetch(`${url}/v1/models`, { signal })
        if (!response.ok) return { explanation: `llama.cpp answers with HTTP ${response.status}.` }
        const { data } = (await response.json()) as { data?: readonly { id?: string }[] }
        return { modelAvailable: true, model: data?.[0]?.id ?? '' }
      } catch {
        return { explanation: `llama.cpp's server does not answer at ${url}.` }
      }
    },
  }
}

function chatRequest(request: GenerateRequest): ChatRequest {
  return {
    messages: request.messages.map(({ role, content }) => ({
      role: roleNames[role],
      content: role === Role.SYSTEM ? content : neutralise(content),
    })),
    maxTokens: request.maxTokens || defaultMaxTokens,
    temperature: request.temperature,
  }
}

function responseOf(event: ChatEvent) {
  if (event.type === 'text') {
    return create(GenerateResponseSchema, { event: { case: 'text', value: event.text } })
  }
  const { promptTokens, completionTokens, model } = event
  const reason = event.reason === 'length' ? FinishReason.LENGTH : FinishReason.STOP
  const value = { reason, promptTokens, completionTokens, model }
  return create(GenerateResponseSchema, { event: { case: 'finished', value } })
}

function connectError(error: unknown, signal: AbortSignal): ConnectError {
  if (signal.aborted) return ConnectError.from(signal.reason, Code.Canceled)
  if (!(error instanceof LlamaError)) return ConnectError.from(error)
  const code = error.retryable ? Code.Unavailable : Code.InvalidArgument
  return new ConnectError(error.message, code, undefined, undefined, error)
}
