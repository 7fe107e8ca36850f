import { Code, ConnectError } from '@connectrpc/connect'
import { NotLeaderError, OutcomeUnknownError, RaftError } from '@quorail/raft-core'
import { BusyError } from '../host/command-gate.ts'
import { type Divergence, StateDivergedError } from '../host/state-diverged-error.ts'
import type { LeaderHint } from '../host/types.ts'
import { type Explanation, serviceError } from './service-error.ts'

/** A failure of consensus, as an error of the service. What is not known as such stays as it is. */
export function raftFailure(error: unknown, leader: LeaderHint | undefined): ConnectError {
  if (error instanceof ConnectError) return error
  if (error instanceof StateDivergedError) return stateDiverged(error.divergence, error)
  if (!(error instanceof RaftError)) return ConnectError.from(error)
  if (error instanceof NotLeaderError) return serviceError(notLeader(error, leader), error)
  if (error instanceof OutcomeUnknownError) return serviceError(outcomeUnknown, error)
  if (error.code === 'overloaded') {
    const retryAfterMs = error instanceof BusyError ? error.retryAfterMs : 1_000
    return serviceError({ ...overloaded, retryAfterMs }, error)
  }
  if (error.code === 'rejected') return serviceError(leaderless, error)
  return serviceError(stopped, error)
}

/** The answer of a node that does not lead, made without asking the log. */
export function notLeaderError(leader: LeaderHint | undefined, noQuorum: boolean): ConnectError {
  return serviceError(leader === undefined ? (noQuorum ? quorumLost : leaderless) : follow(leader))
}

/** The answer of a node whose state is not like the others'. */
export function stateDiverged(divergence: Divergence, cause?: unknown): ConnectError {
  return serviceError(divergence === 'minority' ? outvoted : noMajorityAgrees, cause)
}

function notLeader(error: NotLeaderError, leader: LeaderHint | undefined): Explanation {
  if (leader !== undefined) return follow(leader)
  return error.reason === 'noQuorum' ? quorumLost : leaderless
}

const follow = (leader: LeaderHint): Explanation => ({
  connectCode: Code.Unavailable,
  code: 'NOT_LEADER',
  sentence: `This node does not lead the cluster; ${leader.id} does.`,
  nextStep: `Ask ${leader.clientUrl} with the same request id.`,
  leader,
})

const leaderless: Explanation = {
  connectCode: Code.Unavailable,
  code: 'NO_LEADER',
  sentence: 'The cluster is just choosing a new leader. Your request was not carried out.',
  nextStep: 'Try again in a second or two, with the same request id.',
}

const quorumLost: Explanation = {
  connectCode: Code.Unavailable,
  code: 'NO_QUORUM',
  sentence:
    'Too few of our servers can reach each other, so nothing can be sold safely. Your request was certainly not carried out.',
  nextStep: 'Try again in a little while.',
}

const outcomeUnknown: Explanation = {
  connectCode: Code.Aborted,
  code: 'OUTCOME_UNKNOWN',
  sentence:
    'We could not find out in time whether your request was carried out. Nothing will be done or charged twice.',
  nextStep: 'Send the same request again, with the same request id, until the answer is definite.',
  unknown: true,
}

const outvoted: Explanation = {
  connectCode: Code.Unavailable,
  code: 'STATE_DIVERGED',
  sentence:
    'This server holds other data than the majority of our servers, so it has stopped serving. Your request was not carried out here.',
  nextStep: 'Ask another node, with the same request id.',
}

const noMajorityAgrees: Explanation = {
  connectCode: Code.Unavailable,
  code: 'STATE_DIVERGED',
  sentence:
    'Our servers hold different data and no majority of them agrees, so nothing can be sold or changed safely. Your request was certainly not carried out.',
  nextStep: 'Try again later, with the same request id: somebody has to repair this first.',
}

const overloaded: Explanation = {
  connectCode: Code.ResourceExhausted,
  code: 'OVERLOADED',
  sentence: 'There are more requests than we can take at the moment. Yours was not carried out.',
  nextStep: 'Try again in a few seconds.',
}

const stopped: Explanation = {
  connectCode: Code.Unavailable,
  code: 'NODE_STOPPED',
  sentence: 'This server has stopped taking requests. Yours was not carried out here.',
  nextStep: 'Ask another node, with the same request id.',
}
