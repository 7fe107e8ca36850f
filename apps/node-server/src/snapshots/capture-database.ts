import type { Callback, StateCapture } from '@quorail/raft-core'
import type { ReadingAnswer, ReadingData } from './reading-thread.ts'
import { ThreadCalls } from './thread-calls.ts'

/**
 * The database as it is now, at `appliedIndex`, while more is written to it. Calls back when the reading
 * transaction is open.
 */
export function captureDatabase(
  file: string,
  appliedIndex: number,
  done: Callback<StateCapture>,
): void {
  const data: ReadingData = { file, expectedIndex: appliedIndex }
  const script = new URL('./reading-thread.ts', import.meta.url)
  const thread = new ThreadCalls<'next' | 'close', ReadingAnswer>(script, 'snapshot', data)
  const capture: StateCapture = {
    next(answer) {
      thread.call('next').then(
        ({ piece }) => answer(undefined, piece),
        (error: Error) => answer(error, undefined),
      )
    },
    release: () => thread.tell('close'),
  }
  thread.answer().then(
    () => done(undefined, capture),
    (error: Error) => {
      thread.tell('close')
      done(error, capture)
    },
  )
}
