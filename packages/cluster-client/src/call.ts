import { type AttemptResult, attempt } from './attempt.ts'
import { endOfCall } from './client-errors.ts'
import { type Context, probe } from './context.ts'
import type { Failure } from './failure.ts'
import type { Repeatability } from './repeatable.ts'
import { Route } from './route.ts'
import { unlessGone } from './silent-node.ts'

export interface Call<T> {
  readonly repeatability: Repeatability
  /** Success proves that the node leads. */
  readonly needsLeader: boolean
  readonly overallMs: number
  readonly attemptMs: number
  readonly signal: AbortSignal | undefined
  /** Where to begin, when that is known better than by the last answer. */
  readonly first?: string | undefined
  /** One attempt; `controller` aborts it. */
  readonly send: (url: string, ms: number, controller: AbortController) => Promise<T>
}

/** One call over as many attempts as it takes, to as many nodes. */
export async function runCall<T>(context: Context, call: Call<T>): Promise<T> {
  const { book, settings } = context
  const startedAt = settings.clock.now()
  const endsAt = startedAt + call.overallMs
  const route = new Route(book, context.budget, settings)
  const hasEffect = call.repeatability !== 'read'
  let perhapsDone = false
  let heardOfANode = false
  let url = route.start(call.first)
  for (;;) {
    const result = await tryNode(context, call, url, endsAt)
    if (result.type === 'answer') {
      book.succeeded(url, call.needsLeader)
      return result.answer
    }
    const { failure } = result
    perhapsDone ||= hasEffect && failure.perhapsDone
    const answered = failure.kind !== 'lost' && failure.kind !== 'cancelled'
    heardOfANode ||= answered
    if (namesStranger(context, failure)) await probe(context, url, endsAt, call.signal)
    const leader = note(context, url, failure)
    const end = () => endOfCall({ last: failure, perhapsDone, heardOfANode })

    if (failure.kind === 'cancelled' || failure.kind === 'final') throw end()
    if (call.repeatability === 'once' && perhapsDone) throw end()
    if (failure.kind === 'busy') {
      if (!(await route.wait(failure.retryAfterMs ?? 0, endsAt, call.signal))) throw end()
      continue
    }
    const now = settings.clock.now()
    const settles = failure.kind === 'unavailable' || failure.kind === 'unknown'
    if (settles && now - startedAt >= settings.limits.settleMs) throw end()
    const next = await route.onward(url, leader, endsAt, call.signal)
    // An attempt too short to be answered would only turn a certain end into an unknown one.
    const shortest = Math.min(250, call.attemptMs / 4)
    if (next === undefined || endsAt - settings.clock.now() < shortest) throw end()
    url = next
  }
}

async function tryNode<T>(
  context: Context,
  call: Call<T>,
  url: string,
  endsAt: number,
): Promise<AttemptResult<T>> {
  const { clock, limits } = context.settings
  if (context.book.isDoubtful(url, call.repeatability !== 'read')) {
    const dead = await probe(context, url, endsAt, call.signal)
    if (dead !== undefined) return dead
  }
  const ms = Math.max(1, Math.floor(Math.min(call.attemptMs, endsAt - clock.now())))
  return attempt(clock, ms, call.signal, (controller) => {
    const send = () => call.send(url, ms, controller)
    // Asked once at most: nothing is won by knowing sooner that its outcome is not known.
    if (call.repeatability === 'once') return send()
    return unlessGone(clock, limits.silentMs, () => context.isGone(url), controller, send)
  })
}

/**
 * The leader it names is nobody that we know: a member that came since. The node is asked who the members are, because a
 * hint is followed to members only; otherwise who answers all the time, and so is never doubted, would never be asked.
 */
function namesStranger({ book, settings }: Context, { kind, hint }: Failure): boolean {
  return (
    settings.followMembers && kind === 'elsewhere' && hint !== undefined && !book.knows(hint.url)
  )
}

/** Remembers what the failure says about the node; gives the leader it names. */
function note({ book }: Context, url: string, failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'cancelled':
      return undefined
    case 'final':
    case 'busy':
      book.refused(url)
      return undefined
    case 'lost':
      book.failed(url)
      return undefined
    default:
      return book.declined(url, failure.hint)
  }
}
