import { exitCodes } from './exit-codes.ts'
import { asOperator, operatorOptionsHelp, parseOperator } from './operator.ts'
import { UsageError } from './usage-error.ts'

export const transferHelp = `quorail transfer [NODE] [options]: hands leadership over

To NODE, or without one to the node that has most of the log. No booking fails: what is under way is answered, and what
comes next is answered by the new leader, within some tens of milliseconds.

${operatorOptionsHelp}

Exit codes: 0 NODE leads; 1 refused, or nobody took over in time: the leader leads on; 2 wrong usage.
`

/** Hands leadership over; resolves to the exit code. */
export async function transfer(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseOperator(words)
  const [to = '', ...rest] = positionals
  if (values.help) {
    process.stdout.write(transferHelp)
    return exitCodes.done
  }
  if (rest.length > 0) throw new UsageError('It looks like: quorail transfer [NODE]')
  return asOperator(values, async ({ membership }) => {
    const { leaderId } = await membership.transferLeadership({ to })
    const said = values.json ? JSON.stringify({ leader: leaderId }) : `${leaderId} leads.`
    process.stdout.write(`${said}\n`)
    return exitCodes.done
  })
}
