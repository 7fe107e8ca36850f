import { Code, ConnectError } from '@connectrpc/connect'
import { MemberRole } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { print } from './admin/print.ts'
import { passes } from './again.ts'
import { exitCodes } from './exit-codes.ts'
import { origin } from './members.ts'
import { type MemberRow, memberRow, membersTable, progressOf } from './members-words.ts'
import {
  asOperator,
  type Operator,
  operatorOptionsHelp,
  parseOperator,
  pause,
  teller,
} from './operator.ts'
import { UsageError } from './usage-error.ts'

export const membersHelp = `quorail members [WHAT] [options]: who belongs to the cluster; bookings go on meanwhile

  list                            all members: role, whether they are heard of, how far they are (this alone: the same)
  add NODE CLIENT_URL PEER_URL    adds a node that was started with --join in an empty folder. It gets what the
                                  others have, and votes as soon as it has caught up. Of a member that has
                                  moved: says where it is now
  remove NODE                     removes a member; who leads hands over first
      --even-without-quorum       also when too few of those that stay can be reached: nothing is sold
                                  until they are back
  replace OLD NODE CLIENT_URL PEER_URL   adds NODE and, once it has caught up, puts it in OLD's place in
                                  one step; so also for a node that has lost its folder

${operatorOptionsHelp}

Exit codes: 0 done; 1 refused, or no node answers; 2 wrong usage; 7 begun, and not finished in time: the node
stays a learner, which harms nobody, and goes on catching up; the same command goes on with it.
`

type Action = (operator: Operator, words: readonly string[]) => Promise<number>

/** Shows or changes the members; resolves to the exit code. */
export async function members(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseOperator(words)
  const [what = 'list', ...rest] = positionals
  if (values.help) {
    process.stdout.write(membersHelp)
    return exitCodes.done
  }
  const action = Object.hasOwn(actions, what) ? actions[what] : undefined
  if (action === undefined)
    throw new UsageError(
      `There is no "members ${what}". There are: ${Object.keys(actions).join(', ')}.`,
    )
  return asOperator(values, (operator) => action(operator, rest))
}

const actions: Readonly<Record<string, Action>> = {
  list: async (operator, words) => {
    expectWords(words, 0, 'members list')
    await show(operator)
    return exitCodes.done
  },
  add: async (operator, words) => {
    expectWords(words, 3, 'members add NODE CLIENT_URL PEER_URL')
    const member = nodeOf(words)
    return until(operator, member.id, async () => {
      const { member: now } = await operator.membership.addMember({ member })
      return now?.role === MemberRole.VOTER
    })
  },
  remove: async (operator, words) => {
    expectWords(words, 1, 'members remove NODE')
    const [id = ''] = words
    const evenWithoutQuorum = operator.options['even-without-quorum']
    await untilSaid(operator, () => operator.membership.removeMember({ id, evenWithoutQuorum }))
    process.stderr.write(`${id} is no member any more. Stop it if it still runs.\n`)
    await show(operator)
    return exitCodes.done
  },
  replace: async (operator, words) => {
    expectWords(words, 4, 'members replace OLD NODE CLIENT_URL PEER_URL')
    const [id = '', ...rest] = words
    const by = nodeOf(rest)
    return until(operator, by.id, async () => {
      const { done } = await operator.membership.replaceMember({ id, by })
      return done
    })
  },
}

/** Tries again and again, and says how far the new one is, until it is done or the time is over. */
async function until(
  operator: Operator,
  id: string,
  isDone: () => Promise<boolean>,
): Promise<number> {
  const tell = teller()
  for (;;) {
    const done = await unlessBusy(isDone)
    const seen = await unlessBusy(() => look(operator, id))
    if (seen !== undefined) tell(progressOf(seen.row, id, seen.lastIndex))
    if (done === true) {
      await show(operator)
      return exitCodes.done
    }
    if (Date.now() > operator.endsAtMs) {
      process.stderr.write(
        `${id} has not caught up in ${operator.options.within} s. It stays a learner and goes on; the same command goes on with it.\n`,
      )
      return exitCodes.notYet
    }
    await pause(300)
  }
}

/** For what is done at once: asked again while nobody can say. */
async function untilSaid(operator: Operator, ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; Date.now() < operator.endsAtMs; attempt += 1) {
    try {
      if ((await unlessBusy(ask)) !== undefined) return
    } catch (error) {
      // It was done by the attempt before, of which nobody could say so.
      if (attempt > 0 && ConnectError.from(error).code === Code.NotFound) return
      throw error
    }
    await pause(300)
  }
  await ask()
}

async function unlessBusy<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (passes(error)) return undefined
    throw error
  }
}

async function look({ membership }: Operator, id: string) {
  const { members: all, lastIndex } = await membership.listMembers({})
  const row: MemberRow | undefined = all.map(memberRow).find((member) => member.id === id)
  return { row, lastIndex: Number(lastIndex) }
}

async function show({ membership, options }: Operator): Promise<void> {
  const { members: all, lastIndex } = await membership.listMembers({})
  print(membersTable(all.map(memberRow), Number(lastIndex)), options.json)
}

function nodeOf([id = '', clientUrl = '', peerUrl = '']: readonly string[]) {
  return { id, clientUrl: origin(clientUrl), peerUrl: origin(peerUrl) }
}

function expectWords(words: readonly string[], count: number, form: string): void {
  if (words.length !== count) throw new UsageError(`It looks like: quorail ${form}`)
}
