import type { Transport } from '@connectrpc/connect'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { type AttemptResult, attempt } from './attempt.ts'
import { NodeBook } from './node-book.ts'
import { type ClusterTransportOptions, type Settings, settingsOf } from './options.ts'
import { RetryBudget } from './retry-budget.ts'
import { type AskIfGone, shareQuestions } from './silent-node.ts'

/** What all calls of one transport share. */
export interface Context {
  readonly book: NodeBook
  readonly budget: RetryBudget
  readonly settings: Settings
  readonly transportTo: (url: string) => Transport
  readonly isGone: AskIfGone
}

export function createContext(options: ClusterTransportOptions): Context {
  const settings = settingsOf(options)
  const { budget, budgetPerSecond } = settings.limits
  const transports = new Map<string, Transport>()
  const context: Context = {
    book: new NodeBook(options.endpoints, settings),
    budget: new RetryBudget(budget, budgetPerSecond, settings.clock.now()),
    settings,
    transportTo(url) {
      const known = transports.get(url)
      if (known !== undefined) return known
      const made = options.createTransport(url)
      transports.set(url, made)
      return made
    },
    isGone: shareQuestions(async (url) => {
      const endsAt = settings.clock.now() + settings.limits.probeMs
      return (await probe(context, url, endsAt, undefined)) !== undefined
    }),
  }
  return context
}

/**
 * "Are you there?" A message with an effect that is lost leaves its outcome unknown, so it is sent
 * only to nodes known to be alive; and a paused node costs a second here instead of a whole attempt.
 * Gives the failure when nobody answers; any answer, even a refusal, will do.
 */
export async function probe(
  context: Context,
  url: string,
  endsAt: number,
  signal: AbortSignal | undefined,
): Promise<(AttemptResult<unknown> & { readonly type: 'failure' }) | undefined> {
  const { clock, limits } = context.settings
  const ms = Math.max(1, Math.floor(Math.min(limits.probeMs, endsAt - clock.now())))
  const result = await attempt(clock, ms, signal, (controller) =>
    context
      .transportTo(url)
      .unary(ClusterService.method.getStatus, controller.signal, ms, undefined, {}),
  )
  if (result.type === 'failure' && ['lost', 'cancelled'].includes(result.failure.kind)) {
    return { type: 'failure', failure: { ...result.failure, perhapsDone: false } }
  }
  context.book.answered(url)
  if (result.type === 'answer' && context.settings.followMembers) {
    const members = result.answer.message.status?.members ?? []
    context.book.learn(members.map(({ address }) => address))
  }
  return undefined
}
