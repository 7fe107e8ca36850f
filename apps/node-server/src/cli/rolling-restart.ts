import { Code, ConnectError } from '@connectrpc/connect'
import { MemberRole, type MemberState } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { again } from './again.ts'
import { exitCodes } from './exit-codes.ts'
import { type KnownNode, statusOf } from './find-nodes.ts'
import {
  asOperator,
  type Operator,
  operatorOptionsHelp,
  parseOperator,
  pause,
  teller,
} from './operator.ts'

export const rollingRestartHelp = `quorail rolling-restart [NODE ...] [options]: restarts the nodes one after the other, while bookings go on

All of them, or those that are named; who leads comes last and hands over first. A node is asked to end in good order; it does so with
exit code 5, and what supervises it has to start it again (npm start does; for systemd: Restart=always). The next one is asked
only when this one is back, ready, and has what the others have. It does not begin while a member is not well.

${operatorOptionsHelp}

Exit codes: 0 all are back; 1 refused, or a member is not well: nothing was stopped; 2 wrong usage; 7 a node was not back in time
(--within counts for each): the nodes after it were left alone.
`

const everyMs = 300
/** How long a node may be silent before that means something. */
const patienceMs = 10_000

/** Restarts the nodes in turn; resolves to the exit code. */
export async function rollingRestart(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseOperator(words)
  if (values.help) {
    process.stdout.write(rollingRestartHelp)
    return exitCodes.done
  }
  return asOperator(values, async (operator) => {
    const order = await inOrder(operator, positionals)
    const restarted: string[] = []
    for (const node of order) {
      if (!(await restart(operator, node))) {
        process.stderr.write(
          `${node.id} is not back after ${operator.options.within} s; the nodes after it were left alone. See its log and what supervises it.\n`,
        )
        return exitCodes.notYet
      }
      restarted.push(node.id)
    }
    const said = values.json
      ? JSON.stringify({ restarted })
      : `Restarted, in this order: ${restarted.join(', ')}.`
    process.stdout.write(`${said}\n`)
    return exitCodes.done
  })
}

/** Who leads comes last. Throws unless everybody is well. */
async function inOrder(
  operator: Operator,
  named: readonly string[],
): Promise<readonly KnownNode[]> {
  const members = await wellMembers(operator)
  const unknown = named.find((id) => !members.some((member) => member.id === id))
  if (unknown !== undefined) throw new Error(`${unknown} is no member. Nothing was stopped.`)
  return members
    .filter(({ id }) => named.length === 0 || named.includes(id))
    .sort((a, b) => Number(a.leads) - Number(b.leads))
    .map(({ id, clientUrl }) => ({ id, clientUrl }))
}

/** Not heard of for a moment is no illness, on a machine with much to do. */
async function wellMembers({ membership, endsAtMs }: Operator): Promise<readonly MemberState[]> {
  const untilMs = Math.min(endsAtMs, Date.now() + patienceMs)
  for (;;) {
    const { members } = await again(endsAtMs, () => membership.listMembers({}))
    const unwell = members.filter(
      ({ active, setApart, role }) => !active || setApart || role !== MemberRole.VOTER,
    )
    if (unwell.length === 0) return members
    if (unwell.some(({ setApart }) => setApart) || Date.now() > untilMs)
      throw new Error(
        `${unwell.map(({ id }) => id).join(', ')} is not well: see "quorail members". Nothing was stopped.`,
      )
    await pause(everyMs)
  }
}

/** False when it was not back in time. */
async function restart(operator: Operator, node: KnownNode): Promise<boolean> {
  const tell = teller()
  const endsAtMs = Date.now() + Number(operator.options.within) * 1_000
  const lastIndex = await handOver(operator, node, endsAtMs, tell)
  const before = await answerOf(node)
  await askToEnd(operator, node, endsAtMs)
  tell(`${node.id} stops`)
  while (Date.now() < endsAtMs) {
    await pause(everyMs)
    const now = await statusOf(node.clientUrl)
    if (now === undefined || now.pid === before.pid) continue
    if (!now.ready || now.appliedIndex < lastIndex) tell(`${node.id} is back and catches up`)
    else if (await isHeardOf(operator, node.id)) {
      tell(`${node.id} is back`)
      return true
    }
  }
  return false
}

/** Another one leads from here on, if there is another; gives the last entry that there was. */
async function handOver(
  { membership }: Operator,
  node: KnownNode,
  endsAtMs: number,
  tell: (line: string) => void,
): Promise<bigint> {
  return again(endsAtMs, async () => {
    const { members, lastIndex } = await membership.listMembers({})
    // With one node there is nobody to hand over to.
    if (members.length > 1 && members.some(({ id, leads }) => leads && id === node.id)) {
      const { leaderId } = await membership.transferLeadership({ to: '' })
      tell(`${leaderId} leads now`)
    }
    return lastIndex
  })
}

async function answerOf({ id, clientUrl }: KnownNode) {
  const untilMs = Date.now() + patienceMs
  for (;;) {
    const status = await statusOf(clientUrl)
    if (status !== undefined) return status
    if (Date.now() > untilMs) throw new Error(`${id} does not answer. It was left alone.`)
    await pause(everyMs)
  }
}

/** The session may be newer than what this node has applied: then it is asked again. */
async function askToEnd(operator: Operator, node: KnownNode, endsAtMs: number): Promise<void> {
  const client = operator.at(node)
  for (;;) {
    try {
      await client.restartNode({ id: node.id })
      return
    } catch (error) {
      const { code } = ConnectError.from(error)
      const later = [Code.Unauthenticated, Code.Unavailable, Code.Aborted].includes(code)
      if (!later || Date.now() > endsAtMs) throw error
      await pause(everyMs)
    }
  }
}

async function isHeardOf({ membership }: Operator, node: string): Promise<boolean> {
  try {
    const { members } = await membership.listMembers({})
    return members.some(({ id, active }) => id === node && active)
  } catch {
    return false
  }
}
