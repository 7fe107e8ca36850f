import type { DescribedError } from '@quorail/cluster-client'
import { type AskBotResponse, Source } from '@quorail/proto/quorail/assistant/v1/assistant_pb'

export type AnswerState = 'waiting' | 'writing' | 'finished' | 'stopped' | 'failed'

export interface Turn {
  readonly id: number
  readonly question: string
  readonly answer: string
  readonly state: AnswerState
  /** Who speaks, said under the answer when it is not the model. */
  readonly source: 'model' | 'builtIn' | undefined
  readonly explanation: string
  readonly truncated: boolean
  readonly problem: DescribedError | undefined
}

export type ConversationEvent =
  | { readonly type: 'asked'; readonly id: number; readonly question: string }
  | { readonly type: 'came'; readonly id: number; readonly event: AskBotResponse['event'] }
  | { readonly type: 'stopped'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly problem: DescribedError }

export function reduceConversation(
  turns: readonly Turn[],
  event: ConversationEvent,
): readonly Turn[] {
  if (event.type === 'asked') {
    // A question asked again takes the place of its failed answer.
    const { id, question } = event
    return [...turns.filter((turn) => turn.id !== id), { ...blank, id, question }]
  }
  return turns.map((turn) => (turn.id === event.id ? next(turn, event) : turn))
}

const blank = {
  answer: '',
  state: 'waiting',
  source: undefined,
  explanation: '',
  truncated: false,
  problem: undefined,
} as const

function next(turn: Turn, event: Exclude<ConversationEvent, { type: 'asked' }>): Turn {
  switch (event.type) {
    case 'stopped':
      return isOpen(turn) ? { ...turn, state: 'stopped' } : turn
    case 'failed':
      return { ...turn, state: 'failed', problem: event.problem }
    case 'came':
      return withPiece(turn, event.event)
  }
}

function withPiece(turn: Turn, event: AskBotResponse['event']): Turn {
  switch (event.case) {
    case 'started':
    case 'restarted': {
      const { source, explanation } = event.value
      // What another answerer said so far is void.
      const answer = event.case === 'restarted' ? '' : turn.answer
      const who = source === Source.MODEL ? 'model' : 'builtIn'
      return { ...turn, answer, source: who, explanation, state: answer ? 'writing' : 'waiting' }
    }
    case 'text':
      return { ...turn, answer: turn.answer + event.value, state: 'writing' }
    case 'finished':
      return { ...turn, state: 'finished', truncated: event.value.truncated }
    default:
      return turn
  }
}

export function isOpen({ state }: Turn): boolean {
  return state === 'waiting' || state === 'writing'
}

const turnsMost = 20
const questionMost = 2000
const answerMost = 8000

/** What the assistant is told of before: what was really said, within the limits of the wire. */
export function historyOf(turns: readonly Turn[]): { question: string; answer: string }[] {
  return turns
    .filter((turn) => !isOpen(turn) && turn.answer !== '')
    .slice(-turnsMost)
    .map(({ question, answer }) => ({
      question: question.slice(0, questionMost),
      answer: answer.slice(0, answerMost),
    }))
}
