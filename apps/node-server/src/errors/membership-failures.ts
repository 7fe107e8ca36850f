/** Why the members of the cluster were not changed as an operator wanted. */
import { Code, type ConnectError } from '@connectrpc/connect'
import { RejectedError } from '@quorail/raft-core'
import type { LeaderHint } from '../host/types.ts'
import { raftFailure } from './raft-failures.ts'
import { serviceError } from './service-error.ts'

/** A failure of a change of the membership or of a transfer. */
export function changeFailure(error: unknown, leader: LeaderHint | undefined): ConnectError {
  if (!(error instanceof RejectedError)) return raftFailure(error, leader)
  switch (error.reason) {
    case 'noVoters':
      return lastVoter()
    case 'badTarget':
    case 'refused':
    case 'timeout':
      return notHandedOver(error)
    default:
      return changeUnderWay(error)
  }
}

const changeUnderWay = (cause: unknown): ConnectError =>
  serviceError(
    {
      connectCode: Code.Unavailable,
      code: 'CHANGE_UNDER_WAY',
      sentence: 'Another change of the members or of the leader is under way. Yours was not begun.',
      nextStep: 'Ask again in a moment.',
    },
    cause,
  )

const notHandedOver = (cause: unknown): ConnectError =>
  serviceError(
    {
      connectCode: Code.FailedPrecondition,
      code: 'NOT_HANDED_OVER',
      sentence: 'No other node took over the leadership in time; this one leads on.',
      nextStep: 'See whether the others are reachable and have caught up, then ask again.',
    },
    cause,
  )

const lastVoter = (): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'LAST_VOTER',
    sentence: 'This is the only node that votes: without it there is no cluster.',
    nextStep: 'Add another node first, and wait until it votes.',
  })

export const notAMember = (id: string): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'NOT_A_MEMBER',
    sentence: `${id} is no voting member of this cluster.`,
    nextStep: 'Look at the list of members for the name.',
    field: 'id',
  })

export const nameTaken = (id: string): ConnectError =>
  serviceError({
    connectCode: Code.InvalidArgument,
    code: 'NEW_NAME_NEEDED',
    sentence: `${id} can not take its own place: a name that was a member's is never another node's.`,
    nextStep: 'Start the new node under a name that no node has had.',
    field: 'by.id',
  })

export const memberSetApart = (id: string): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'MEMBER_SET_APART',
    sentence: `${id} has lost its log: what it had promised is forgotten, so it can not just go on.`,
    nextStep: 'Start a node under a new name in an empty folder, and replace this one by it.',
    field: 'member.id',
  })

export const nodeNotReached = (id: string, url: string): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'NODE_NOT_REACHED',
    sentence: `Nobody who says that it is ${id} answers at ${url}. Nothing was changed.`,
    nextStep: 'Start the node first, with --join, and see that the leader reaches its address.',
    field: 'client_url',
  })

export const nodeOfOtherCluster = (id: string): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'NODE_OF_OTHER_CLUSTER',
    sentence: `${id} belongs to another cluster. Nothing was changed.`,
    nextStep: 'Start it in an empty folder, with --join and without --cluster.',
    field: 'id',
  })

export const peerAddressUnfit = (id: string, url: string, peerTls: boolean): ConnectError =>
  serviceError({
    connectCode: Code.InvalidArgument,
    code: 'PEER_ADDRESS_UNFIT',
    sentence: peerTls
      ? `The nodes of this cluster speak TLS to each other, and ${id} would not be reached at ${url}. Nothing was changed.`
      : `The nodes of this cluster speak plain text to each other, and ${id} would not be reached at ${url}. Nothing was changed.`,
    nextStep: peerTls
      ? 'Give it certificates ("quorail certs add"), start it with them, and say its peer address with https.'
      : 'Say its peer address with http, or give all nodes certificates.',
    field: 'peer_url',
  })

export const tooFewHealthy = (healthy: number, voters: number): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'TOO_FEW_HEALTHY',
    sentence: `Of the ${voters} that would vote then, ${healthy} can be reached: nothing could be sold. Nothing was changed.`,
    nextStep:
      'Bring the others back first, or remove one of those that are gone; or say that you mean it.',
    figure: healthy,
  })

export const anotherNodeAnswers = (id: string): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'ANOTHER_NODE_ANSWERS',
    sentence: `At this address ${id} answers. Nothing was stopped.`,
    nextStep: 'Call the node that you mean at its own address.',
    field: 'id',
  })
