import { create } from '@bufbuild/protobuf'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import {
  type AskBotRequest,
  type AskBotResponse,
  AskBotResponseSchema,
  type AssistantService,
  Source,
} from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { principalKey } from '../auth/principal.ts'
import { pause } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { settleRead } from '../services/dependencies.ts'
import { type AnswerContext, builtInAnswer, isUnderstood } from './built-in-answers.ts'
import { type Model, ModelSilentError } from './model-answer.ts'

export interface AssistantOptions {
  readonly host: NodeHost
  readonly model: Model
}

/** A word each so often: quick to read, and the same path as a model's tokens. */
const wordEveryMs = 12

export function createAssistantService({
  host,
  model,
}: AssistantOptions): ServiceImpl<typeof AssistantService> {
  return {
    async *askBot(request, context) {
      const { signal } = context
      const health = await model.health(signal)
      if (health.model === undefined) {
        yield builtInSpeaks('started', health.explanation)
        yield* builtIn(host, request, context)
        return
      }
      const value = { source: Source.MODEL, model: health.model }
      yield create(AskBotResponseSchema, { event: { case: 'started', value } })
      try {
        yield* modelAnswers(host, model, request, context)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof ModelSilentError)) throw error
        yield builtInSpeaks('restarted', error.message)
        yield* builtIn(host, request, context)
      }
    },
  }
}

function builtInSpeaks(event: 'started' | 'restarted', reason: string): AskBotResponse {
  const explanation = `${reason}, so these are the built-in answers.`
  const value = { source: Source.BUILT_IN, explanation }
  return create(AskBotResponseSchema, { event: { case: event, value } })
}

async function* modelAnswers(
  host: NodeHost,
  model: Model,
  request: AskBotRequest,
  context: HandlerContext,
) {
  const answers = await answerContext(host, request, context)
  const prompt = {
    instructions: instructions(request.question, answers),
    history: request.history,
    question: request.question,
  }
  const pieces = model.answer(prompt, context.signal)
  for (;;) {
    const { done, value } = await pieces.next()
    if (done) {
      yield finished(value.truncated)
      return
    }
    yield text(value)
  }
}

/** Facts come from the state; the model only chooses the words. */
function instructions(question: string, context: AnswerContext): string {
  const lines = [
    'You are the assistant of a railway. Answer briefly, in the language of the question.',
    'You can not book, pay or cancel; the pages of this site do that.',
    'Use only the facts below for trains, times, prices, seats, bookings and refunds. If they do not answer the question, say that you do not know.',
  ]
  if (isUnderstood(question, context)) lines.push('Facts:', builtInAnswer(question, context))
  return lines.join('\n')
}

async function* builtIn(host: NodeHost, request: AskBotRequest, context: HandlerContext) {
  const answer = builtInAnswer(request.question, await answerContext(host, request, context))
  for (const word of answer.match(/\S+\s*/g) ?? []) {
    if (context.signal.aborted) return
    yield text(word)
    await pause(wordEveryMs, context.signal)
  }
  yield finished(false)
}

async function answerContext(
  host: NodeHost,
  request: AskBotRequest,
  context: HandlerContext,
): Promise<AnswerContext> {
  await settleRead(host)
  return {
    state: host.state,
    nowMs: host.nowMs(),
    account: context.values.get(principalKey)?.account,
    earlier: request.history.map((turn) => turn.question),
  }
}

const text = (value: string) => create(AskBotResponseSchema, { event: { case: 'text', value } })

const finished = (truncated: boolean) =>
  create(AskBotResponseSchema, { event: { case: 'finished', value: { truncated } } })
