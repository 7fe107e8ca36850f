import { create } from '@bufbuild/protobuf'
import {
  AnswerFinishedSchema,
  AnswerStartedSchema,
  type AskBotResponse,
  Source,
} from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { describe, expect, it } from 'vitest'
import { historyOf, reduceConversation, type Turn } from './conversation'

const started = (source: Source, explanation = '') =>
  create(AnswerStartedSchema, { source, explanation })
const finished = create(AnswerFinishedSchema, { truncated: false })

function play(...events: AskBotResponse['event'][]): readonly Turn[] {
  let turns = reduceConversation([], { type: 'asked', id: 1, question: 'Which trains?' })
  for (const event of events) turns = reduceConversation(turns, { type: 'came', id: 1, event })
  return turns
}

describe('an answer', () => {
  it('grows piece by piece and ends', () => {
    const turns = play(
      { case: 'started', value: started(Source.MODEL) },
      { case: 'text', value: 'Two ' },
      { case: 'text', value: 'trains.' },
      { case: 'finished', value: finished },
    )
    expect(turns[0]).toMatchObject({ answer: 'Two trains.', state: 'finished', source: 'model' })
  })

  it('is void so far when another answerer takes over, and says why', () => {
    const turns = play(
      { case: 'started', value: started(Source.MODEL) },
      { case: 'text', value: 'Half a' },
      { case: 'restarted', value: started(Source.BUILT_IN, 'the model is late.') },
      { case: 'text', value: 'Two.' },
    )
    expect(turns[0]).toMatchObject({
      answer: 'Two.',
      state: 'writing',
      source: 'builtIn',
      explanation: 'the model is late.',
    })
  })

  it('keeps its text when it is stopped, and only then', () => {
    const open = play({ case: 'text', value: 'Half' })
    expect(reduceConversation(open, { type: 'stopped', id: 1 })[0]).toMatchObject({
      answer: 'Half',
      state: 'stopped',
    })
    const done = play({ case: 'finished', value: finished })
    expect(reduceConversation(done, { type: 'stopped', id: 1 })[0]?.state).toBe('finished')
  })
})

describe('the history told to the assistant', () => {
  it('has what was really said, the question asked again not twice', () => {
    const turns = play({ case: 'text', value: 'Yes.' }, { case: 'finished', value: finished })
    expect(historyOf(turns)).toEqual([{ question: 'Which trains?', answer: 'Yes.' }])
    const again = reduceConversation(turns, { type: 'asked', id: 1, question: 'Which trains?' })
    expect(historyOf(again)).toEqual([])
    expect(again).toHaveLength(1)
  })

  it('stays within the limits of the wire', () => {
    const many = Array.from({ length: 30 }, (_, id) => ({
      ...(play({ case: 'text', value: 'x'.repeat(9_000) })[0] as Turn),
      id,
      state: 'finished' as const,
    }))
    const history = historyOf(many)
    expect(history).toHaveLength(20)
    expect(history[0]?.answer).toHaveLength(8_000)
  })
})
