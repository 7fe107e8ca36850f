/**
 * Writes down what a core does as lines of JSON, in the form of the trace specification that etcd's
 * Raft is checked with (`tla/Traceetcdraft.tla` of etcd-io/raft): an event with the state after it. The
 * core knows nothing of this; what it did is seen from its inputs, outputs and status. Pre-votes, reads
 * and leases are not in that specification and are left out; a pre-candidate is a follower there.
 */
import { decodeMembershipChange } from '../codec/membership-change.ts'
import type { Input, Output } from '../core/io.ts'
import type { CoreStatus } from '../core/status.ts'
import type { TraceSink } from '../ports.ts'
import type { Entry, LogIndex, LogWrite, Membership, Message, Role } from '../types.ts'
import type { Core } from './host.ts'
import { type TracedMessage, tracedMessage } from './trace-message.ts'

const ROLES: Record<Role, string> = {
  follower: 'StateFollower',
  preCandidate: 'StateFollower',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
}

const ACTIONS: Readonly<Record<string, string>> = {
  addVoter: 'AddNewServer',
  addLearner: 'AddLearner',
  remove: 'RemoveServer',
}

/** The same core, with every step written to `sink`. */
export function tracedCore(core: Core, sink: TraceSink): Core {
  const tracer = new Tracer(core, sink)
  return {
    get hasOutput() {
      return core.hasOutput
    },
    step: (input) => tracer.step(input),
    takeOutput: () => tracer.takeOutput(),
    wantsRead: (readId) => core.wantsRead(readId),
    markAt: (index) => core.markAt(index),
    status: () => core.status(),
  }
}

class Tracer {
  readonly #core: Core
  readonly #sink: TraceSink
  #before: CoreStatus
  /** A candidate's vote for itself counts when this write is durable. */
  #ownVoteWrite: number | undefined = undefined
  /** What a leader acknowledges to itself, by the write that makes it durable. */
  #ownAcknowledgements: { readonly writeId: number; readonly index: LogIndex }[] = []

  constructor(core: Core, sink: TraceSink) {
    this.#core = core
    this.#sink = sink
    this.#before = core.status()
    this.#write('InitState')
  }

  step(input: Input): void {
    if (input.type === 'message') this.#message('Receive', input.message)
    if (input.type === 'appended') this.#appended(input.writeId)
    this.#core.step(input)
    this.#compare()
  }

  takeOutput(): Output {
    const output = this.#core.takeOutput()
    this.#compare()
    const { write } = output
    if (write !== undefined) this.#written(write)
    for (const message of output.send) this.#message('Send', message)
    for (const event of output.events) {
      if (event.type === 'membershipChanged') this.#reconfigured(event.membership)
    }
    const isEmpty = write === undefined && output.send.length === 0 && output.apply.length === 0
    if (!isEmpty) this.#write('Ready')
    return output
  }

  /** What the last step did to this node. */
  #compare(): void {
    const before = this.#before
    const now = this.#core.status()
    this.#before = now
    if (now.role !== before.role || now.term !== before.term) this.#roleChanged(before, now)
    if (now.role === 'leader' && before.role === 'leader' && now.commitIndex > before.commitIndex) {
      this.#write('Commit')
    }
  }

  #roleChanged(before: CoreStatus, now: CoreStatus): void {
    if (now.role === 'leader') this.#write('BecomeLeader')
    else if (now.role === 'candidate') {
      this.#write('BecomeCandidate')
      this.#message('Send', ownVote(now))
    } else if (now.term !== before.term || ROLES[now.role] !== ROLES[before.role]) {
      this.#write('BecomeFollower')
    }
    this.#ownVoteWrite = undefined
    this.#ownAcknowledgements = []
  }

  #written({ id, entries, hardState }: LogWrite): void {
    const { role, term } = this.#before
    if (role === 'candidate' && hardState?.term === term) this.#ownVoteWrite = id
    const last = entries.at(-1)
    if (role !== 'leader' || last === undefined) return
    for (const entry of entries) this.#proposed(entry)
    this.#ownAcknowledgements.push({ writeId: id, index: last.index })
    this.#message('Send', ownAcknowledgement(this.#before, last.index))
  }

  #appended(writeId: number): void {
    if (this.#ownVoteWrite !== undefined && this.#ownVoteWrite <= writeId) {
      this.#ownVoteWrite = undefined
      this.#message('Receive', ownVote(this.#before))
    }
    while ((this.#ownAcknowledgements[0]?.writeId ?? Number.POSITIVE_INFINITY) <= writeId) {
      const index = this.#ownAcknowledgements.shift()?.index as LogIndex
      this.#message('Receive', ownAcknowledgement(this.#before, index))
    }
  }

  #proposed(entry: Entry): void {
    if (entry.kind !== 'config') {
      this.#write('Replicate')
      return
    }
    const { changes } = decodeMembershipChange(entry.data)
    const known = changes.flatMap(({ type, id }) => {
      const action = ACTIONS[type]
      return action === undefined ? [] : [{ nid: id, action }]
    })
    if (known.length > 0) this.#write('ChangeConf', { prop: { cc: { changes: known } } })
  }

  #reconfigured(membership: Membership): void {
    this.#write('ApplyConfChange', { prop: { cc: { newconf: membership.voters } } })
  }

  #message(way: 'Send' | 'Receive', message: Message): void {
    const traced = tracedMessage(message)
    if (traced !== undefined) this.#write(`${way}${traced.name}`, { msg: traced.message })
  }

  #write(name: string, more: { readonly msg?: TracedMessage; readonly prop?: object } = {}): void {
    const { id, term, votedFor, commitIndex, appliedIndex, role, lastIndex, membership } =
      this.#before
    const event = {
      name,
      nid: id,
      state: { term, vote: votedFor ?? '0', commit: commitIndex },
      role: ROLES[role],
      log: lastIndex,
      applied: appliedIndex,
      conf: [membership.voters, membership.votersOutgoing],
      ...more,
    }
    this.#sink(JSON.stringify({ tag: 'trace', event }))
  }
}

function ownVote({ id, term }: CoreStatus): Message {
  return {
    type: 'requestVoteReply',
    from: id,
    to: id,
    term,
    preVote: false,
    granted: true,
    commitIndex: 0,
    commitTerm: 0,
  }
}

function ownAcknowledgement({ id, term }: CoreStatus, index: LogIndex): Message {
  return {
    type: 'appendEntriesReply',
    from: id,
    to: id,
    term,
    success: true,
    matchIndex: index,
    hintIndex: 0,
    hintTerm: 0,
    readSequence: 0,
  }
}
