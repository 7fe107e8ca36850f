import type { Clock } from './clock.ts'
import { type AttemptFacts, classify, type Failure } from './failure.ts'

export type AttemptResult<T> =
  | { readonly type: 'answer'; readonly answer: T }
  | { readonly type: 'failure'; readonly failure: Failure }

/** Runs one attempt with a deadline of its own, and says why it failed. */
export async function attempt<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal | undefined,
  run: (controller: AbortController) => Promise<T>,
): Promise<AttemptResult<T>> {
  const controller = new AbortController()
  let timedOut = false
  const facts = (): AttemptFacts => ({ cancelled: outer?.aborted === true, timedOut })
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted === true) follow()
  outer?.addEventListener('abort', follow)
  const stop = clock.after(ms, () => {
    timedOut = true
    controller.abort(new DOMException('no answer in time', 'TimeoutError'))
  })
  try {
    return { type: 'answer', answer: await run(controller) }
  } catch (reason) {
    controller.abort(reason)
    return { type: 'failure', failure: classify(reason, facts()) }
  } finally {
    stop()
    outer?.removeEventListener('abort', follow)
  }
}
