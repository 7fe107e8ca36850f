/**
 * The files of etcd's quorum package: `committed cfg=(1,2) cfgj=(3) idx=(_,5,6)` and
 * `vote cfg=(1,2) votes=(y,n)`. Compared exactly, tables included. As there, each case is also
 * computed by the definition, with an empty second half, with itself as the second half, and with
 * the halves exchanged; where that differs the output says so, and the comparison fails.
 */
import { CommandError, has, valuesOf, wholeNumber } from './arguments.ts'
import type { Command, Step } from './datadriven.ts'
import { nameOf, numberOf } from './names.ts'
import {
  committedIndex,
  jointCommittedIndex,
  jointVote,
  majorityVote,
  type NodeId,
  type VoteResult,
} from './raft-core.ts'

export const QUORUM_COMMANDS: readonly string[] = ['committed', 'vote']

interface Case {
  readonly voters: readonly NodeId[]
  /** Undefined: one configuration only. */
  readonly outgoing: readonly NodeId[] | undefined
  /** All of them, each once, in the order they are named. */
  readonly everybody: readonly NodeId[]
}

export function runQuorumStep(step: Step): string {
  try {
    const one = readCase(step)
    if (step.name === 'committed') return committed(step, one)
    if (step.name === 'vote') return vote(step, one)
    throw new CommandError('unknown command')
  } catch (error) {
    if (error instanceof CommandError) return error.message
    throw error
  }
}

function readCase(command: Command): Case {
  const voters = valuesOf(command, 'cfg').map(wholeNumber).map(nameOf)
  const isJoint = has(command, 'cfgj')
  const second = valuesOf(command, 'cfgj')
  if (second.includes('zero') && second.length > 1) {
    throw new CommandError("cannot mix 'zero' into configuration")
  }
  const outgoing = second
    .filter((text) => text !== 'zero')
    .map(wholeNumber)
    .map(nameOf)
  const everybody = [...new Set([...voters, ...outgoing])]
  return { voters, outgoing: isJoint ? outgoing : undefined, everybody }
}

/** What each voter says, in the order the voters are named; `_` says nothing. */
function answersOf<T>(
  command: Command,
  key: string,
  one: Case,
  read: (text: string) => T,
): Map<NodeId, T> {
  const texts = valuesOf(command, key)
  if (texts.length !== one.everybody.length) {
    const names = one.everybody.map(numberOf).join(' ')
    throw new CommandError(
      `error: mismatched input (explicit or _) for voters [${names}]: [${texts.join(' ')}]`,
    )
  }
  const answers = new Map<NodeId, T>()
  one.everybody.forEach((id, i) => {
    if (texts[i] !== '_') answers.set(id, read(texts[i] as string))
  })
  return answers
}

function committed(command: Command, one: Case): string {
  const acked = answersOf(command, 'idx', one, wholeNumber)
  const of = (id: NodeId) => acked.get(id)
  const { voters, outgoing } = one
  const index =
    outgoing === undefined
      ? committedIndex(voters, of)
      : jointCommittedIndex({ voters, votersOutgoing: outgoing }, of)
  const checks: [string, number][] =
    outgoing === undefined
      ? [
          ['alternative computation', byDefinition(voters, of)],
          ['zero-joint quorum', jointCommittedIndex({ voters, votersOutgoing: [] }, of)],
          ['self-joint quorum', jointCommittedIndex({ voters, votersOutgoing: voters }, of)],
        ]
      : [
          ['symmetry', jointCommittedIndex({ voters: outgoing, votersOutgoing: voters }, of)],
          [
            'alternative computation',
            Math.min(byDefinition(voters, of), byDefinition(outgoing, of)),
          ],
        ]
  const wrong = checks.filter(([, other]) => other !== index)
  const remarks = wrong.map(([how, other]) => `${indexText(other)} <-- via ${how}\n`).join('')
  return `${table(one, acked)}${remarks}${indexText(index)}`
}

/** The largest index that more than half have: tried out, one after the other. */
function byDefinition(
  voters: readonly NodeId[],
  acked: (id: NodeId) => number | undefined,
): number {
  if (voters.length === 0) return Number.POSITIVE_INFINITY
  const all = voters.map((id) => acked(id) ?? 0)
  const reached = all.filter((index) => all.filter((o) => o >= index).length * 2 > all.length)
  return Math.max(0, ...reached)
}

function indexText(index: number): string {
  return index === Number.POSITIVE_INFINITY ? '∞' : String(index)
}

/** A line for each voter, with a bar as long as there are voters behind it. */
function table(one: Case, acked: ReadonlyMap<NodeId, number>): string {
  const sorted = [...one.everybody].sort()
  const count = sorted.length
  if (count === 0) return '<empty majority quorum>'
  const lines = sorted.map((id) => {
    const index = acked.get(id)
    const behind = sorted.filter((other) => (acked.get(other) ?? 0) < (index ?? 0)).length
    const bar = index === undefined ? '?' : `${'x'.repeat(behind)}>`
    const number = String(index ?? 0).padStart(5)
    return `${bar.padEnd(count + 1)} ${number}    (id=${numberOf(id)})`
  })
  return `${' '.repeat(count)}    idx\n${lines.join('\n')}\n`
}

const RESULTS: Readonly<Record<VoteResult, string>> = {
  won: 'VoteWon',
  lost: 'VoteLost',
  pending: 'VotePending',
}

function vote(command: Command, one: Case): string {
  const answers = answersOf(command, 'votes', one, (text) => {
    if (text !== 'y' && text !== 'n') throw new CommandError(`unknown vote: ${text}`)
    return text === 'y'
  })
  const of = (id: NodeId) => answers.get(id)
  const { voters, outgoing } = one
  if (outgoing === undefined) {
    const result = majorityVote(voters, of)
    const others: [string, VoteResult][] = [
      ['zero-joint quorum', jointVote({ voters, votersOutgoing: [] }, of)],
      ['self-joint quorum', jointVote({ voters, votersOutgoing: voters }, of)],
    ]
    return withRemarks(result, others)
  }
  const result = jointVote({ voters, votersOutgoing: outgoing }, of)
  const exchanged = jointVote({ voters: outgoing, votersOutgoing: voters }, of)
  return withRemarks(result, [['symmetry', exchanged]])
}

function withRemarks(result: VoteResult, others: readonly [string, VoteResult][]): string {
  const wrong = others.filter(([, other]) => other !== result)
  return (
    wrong.map(([how, other]) => `${RESULTS[other]} <-- via ${how}\n`).join('') + RESULTS[result]
  )
}
