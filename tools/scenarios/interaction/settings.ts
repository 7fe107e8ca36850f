/** What a scenario asks of its nodes, and how our core is set up so that it does as etcd's does. */
import { CommandError, singleValue, valuesOf, wholeNumber, yesOrNo } from '../arguments.ts'
import type { Command } from '../datadriven.ts'
import { nameOf } from '../names.ts'
import { type Membership, membershipOf, type RaftCore } from '../raft-core.ts'

type CoreOptions = ConstructorParameters<typeof RaftCore>[0]

export const ELECTION_TICKS = 3
export const HEARTBEAT_TICKS = 1

const UNLIMITED = Number.MAX_SAFE_INTEGER

export interface NodeSettings {
  /** Who belongs to the group, and the index that it is known of; undefined: a node without a past. */
  readonly start: { readonly index: number; readonly membership: Membership } | undefined
  readonly isAsync: boolean
  /** Bytes of committed entries that are handed out at once. */
  readonly maxCommittedBytes: number
  readonly core: Omit<CoreOptions, 'id'>
}

const KEYS = [
  'voters',
  'learners',
  'index',
  'content',
  'inflight',
  'async-storage-writes',
  'prevote',
  'checkquorum',
  'max-committed-size-per-ready',
  'read-only',
  'step-down-on-removal',
  'disable-conf-change-validation',
]

/** Reads the arguments of `add-nodes`. */
export function readSettings(command: Command): NodeSettings {
  const unknown = command.args.find(({ key, values }) => values.length > 0 && !KEYS.includes(key))
  if (unknown !== undefined) throw new CommandError(`unknown argument ${unknown.key}`)
  const flag = (key: string) => yesOrNo(singleValue(command, key) ?? 'false')
  const maxCommittedBytes = number(command, 'max-committed-size-per-ready', UNLIMITED)
  return {
    start: readStart(command),
    isAsync: flag('async-storage-writes'),
    maxCommittedBytes,
    core: {
      // The scenarios set a timeout where it matters; etcd draws it at random otherwise.
      electionJitter: () => 0.99,
      firstReadId: 1,
      heartbeatTicks: HEARTBEAT_TICKS,
      electionMinTicks: ELECTION_TICKS,
      electionMaxTicks: 2 * ELECTION_TICKS - 1,
      quorumCheckTicks: ELECTION_TICKS,
      // A write takes as long as the scenario likes.
      storageStallTicks: UNLIMITED,
      preVote: flag('prevote'),
      checkQuorum: flag('checkquorum'),
      leaseReads: readOnly(command),
      stepDownOnRemoval: flag('step-down-on-removal'),
      handOverOnRemoval: false,
      keepEntriesForOffers: 0,
      commitInVotes: false,
      countUnappliedChanges: false,
      validateMembership: !flag('disable-conf-change-validation'),
      changeAfterOwnCommit: false,
      applyUnstable: !flag('async-storage-writes'),
      maxInflightMessages: number(command, 'inflight', UNLIMITED),
      maxInflightBytes: UNLIMITED,
      maxAppendBytes: UNLIMITED,
      maxTailBytes: UNLIMITED,
      maxUncommittedBytes: UNLIMITED,
      maxApplyBytes: maxCommittedBytes,
    },
  }
}

function readStart(command: Command): NodeSettings['start'] {
  const ids = (key: string) => valuesOf(command, key).map(wholeNumber).map(nameOf)
  const voters = ids('voters')
  const learners = ids('learners')
  const index = number(command, 'index', 0)
  const content = singleValue(command, 'content') ?? ''
  if (voters.length === 0 && learners.length === 0 && index === 0 && content === '') {
    return undefined
  }
  if (index <= 1) throw new CommandError('index must be specified as > 1 due to bootstrap')
  return { index, membership: { ...membershipOf(voters), learners: [...learners].sort() } }
}

function readOnly(command: Command): boolean {
  const text = singleValue(command, 'read-only') ?? 'safe'
  if (text !== 'safe' && text !== 'lease-based') {
    throw new CommandError(`invalid read-only option ${JSON.stringify(text)}`)
  }
  return text === 'lease-based'
}

function number(command: Command, key: string, otherwise: number): number {
  const text = singleValue(command, key)
  return text === undefined ? otherwise : wholeNumber(text)
}
