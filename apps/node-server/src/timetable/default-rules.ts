import { info } from '@quorail/booking-fsm'
import type { LeaderJob } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { defaultFareRule, defaultRefundRule } from './demo-timetable.ts'

/**
 * A new cluster sells from the first day: it has a table of fares and of refunds until its railway sets
 * its own. Two leaders doing it one after the other is harmless: the tables are the same.
 */
export function defaultRules(host: NodeHost): LeaderJob {
  return async () => {
    const { fareRules, refundRules } = info(host.state)
    if (fareRules === 0) await ruled(host, defaultFareRule)
    if (refundRules === 0) await ruled(host, defaultRefundRule)
  }
}

async function ruled(host: NodeHost, command: typeof defaultFareRule | typeof defaultRefundRule) {
  const { reply } = await host.submit({ actor: 0, key: undefined, command })
  if (reply.type === 'refused') throw new Error(`${command.type} was refused: ${reply.code}`)
}
