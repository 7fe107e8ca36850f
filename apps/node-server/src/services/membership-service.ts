import type { ServiceImpl } from '@connectrpc/connect'
import {
  MemberRole,
  type MembershipService,
  type NewMember,
} from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { notAllowed } from '../errors/door-errors.ts'
import {
  anotherNodeAnswers,
  changeFailure,
  memberSetApart,
  nameTaken,
  nodeNotReached,
  nodeOfOtherCluster,
  notAMember,
  peerAddressUnfit,
  tooFewHealthy,
} from '../errors/membership-failures.ts'
import { notLeaderError } from '../errors/raft-failures.ts'
import type { ClusterControl, MemberProgress } from '../host/cluster-control.ts'
import type { NodeHost } from '../host/types.ts'
import type { AskStatus } from '../peers/ask-status.ts'
import { callerOf, submit } from './dependencies.ts'

export interface MembershipOptions {
  readonly host: NodeHost
  readonly control: ClusterControl
  /** Asks a node, also one that is no member yet, how it is. */
  readonly ask: AskStatus
  /** The nodes have certificates for each other. */
  readonly peerTls?: boolean
  /** Ends this process in good order, for its supervisor to start it again. */
  readonly restart: () => void
}

/** A learner that lacks no more than this has caught up: what is missing comes in a moment. */
const caughtUpWithinEntries = 1_000

/** Who belongs to the cluster, as operators change it. Each call does what is still to be done. */
export function createMembershipService(
  options: MembershipOptions,
): ServiceImpl<typeof MembershipService> {
  const { host, control, restart } = options
  const steps = new MemberSteps(options)
  return {
    listMembers() {
      const members = control.members().map(memberState)
      const [configIndex, lastIndex] = [BigInt(control.configIndex), BigInt(control.lastIndex)]
      return { members, configIndex, lastIndex }
    },

    async addMember({ member }, context) {
      const actor = operatorOf(context)
      const added = await steps.introduce(actor, member as NewMember)
      if (added.role === 'learner' || added.role === 'leaving')
        await steps.change({ promote: [added.id] })
      return { member: memberState(steps.member(added.id) ?? added) }
    },

    async removeMember({ id, evenWithoutQuorum }, context) {
      const actor = operatorOf(context)
      const member = steps.member(id)
      if (member === undefined) {
        if (!(await steps.forget(actor, id))) throw notAMember(id)
        return {}
      }
      if (!evenWithoutQuorum) steps.mustKeepQuorum(id, undefined)
      await steps.mustLead(id)
      await steps.change({ remove: [id] })
      await steps.forget(actor, id)
      return {}
    },

    async replaceMember({ id, by }, context) {
      const actor = operatorOf(context)
      const wanted = by as NewMember
      if (id === wanted.id) throw nameTaken(id)
      const old = steps.member(id)
      const known = steps.member(wanted.id)
      if (old === undefined) {
        if (known?.role !== 'voter') throw notAMember(id)
        await steps.forget(actor, id)
        return { done: true, member: memberState(known) }
      }
      if (known === undefined) {
        await steps.introduce(actor, wanted)
        await steps.change({ addLearners: [wanted.id] })
      }
      const now = steps.member(wanted.id)
      if (now === undefined || !steps.hasCaughtUp(now))
        return { done: false, ...(now && { member: memberState(now) }) }
      steps.mustKeepQuorum(id, wanted.id)
      await steps.mustLead(id)
      // In one step: there is no moment with fewer voters than before.
      await steps.change(
        now.role === 'voter' ? { remove: [id] } : { add: [wanted.id], remove: [id] },
      )
      await steps.forget(actor, id)
      return { done: true, member: memberState(steps.member(wanted.id) ?? now) }
    },

    async transferLeadership({ to }, context) {
      operatorOf(context)
      if (to === host.id) return { leaderId: to }
      if (to !== '' && steps.member(to)?.role !== 'voter') throw notAMember(to)
      const leaderId = await control.transfer(to || undefined).catch((error: unknown) => {
        throw changeFailure(error, host.leader())
      })
      return { leaderId }
    },

    restartNode({ id }, context) {
      operatorOf(context)
      if (id !== host.id) throw anotherNodeAnswers(host.id)
      restart()
      return { pid: host.status().pid }
    },
  }
}

/** What the calls are made of. */
class MemberSteps {
  readonly #options: MembershipOptions

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  member(id: string): MemberProgress | undefined {
    return this.#options.control.members().find((member) => member.id === id)
  }

  /** Says in the log where the node is, if it is there at all and may come. */
  async introduce(actor: number, wanted: NewMember): Promise<MemberProgress> {
    const { host } = this.#options
    const { id, clientUrl, peerUrl } = wanted
    const known = this.member(id)
    if (known?.state === 'apart') throw memberSetApart(id)
    if (known?.clientUrl !== clientUrl || known.peerUrl !== peerUrl) {
      this.#mustSpeakAlike(wanted)
      await this.#mustBeThere(wanted)
      const command = { type: 'registerNode', name: id, clientUrl, peerUrl } as const
      await submit(host, actor, undefined, command, 'done')
    }
    const nobody = { leads: false, active: false, matchIndex: 0, state: undefined } as const
    return known ?? { id, clientUrl, peerUrl, role: 'learner', ...nobody }
  }

  async change(request: Parameters<ClusterControl['change']>[0]): Promise<void> {
    const { host, control } = this.#options
    await control.change(request).catch((error: unknown) => {
      throw changeFailure(error, host.leader())
    })
  }

  /** Whoever is to go hands over first; the caller goes on with the new leader. */
  async mustLead(going: string): Promise<void> {
    const { host, control } = this.#options
    if (going !== host.id) return
    await control.transfer(undefined).catch((error: unknown) => {
      throw changeFailure(error, host.leader())
    })
    throw notLeaderError(host.leader(), false)
  }

  /** False when there was nothing to forget. */
  async forget(actor: number, name: string): Promise<boolean> {
    const { host } = this.#options
    if (!host.state.nodes.has(name)) return false
    await submit(host, actor, undefined, { type: 'forgetNode', name }, 'done')
    return true
  }

  hasCaughtUp({ role, active, state, matchIndex }: MemberProgress): boolean {
    if (role === 'voter') return true
    const missing = this.#options.control.lastIndex - matchIndex
    return active && state === 'replicate' && missing <= caughtUpWithinEntries
  }

  /** Of those that would vote then, a majority is there now. */
  mustKeepQuorum(going: string, coming: string | undefined): void {
    const voters = this.#options.control
      .members()
      .filter(({ id, role }) => id !== going && (role === 'voter' || id === coming))
    const healthy = voters.filter(({ active, state }) => active && state !== 'apart')
    if (voters.length > 0 && 2 * healthy.length <= voters.length)
      throw tooFewHealthy(healthy.length, voters.length)
  }

  /** No connection would be made to it, and it would never catch up. */
  #mustSpeakAlike({ id, peerUrl }: NewMember): void {
    const { peerTls = false } = this.#options
    if (peerUrl.startsWith('https:') !== peerTls) throw peerAddressUnfit(id, peerUrl, peerTls)
  }

  async #mustBeThere({ id, clientUrl, peerUrl }: NewMember): Promise<void> {
    const { host, ask } = this.#options
    const answer = await new Promise<Parameters<Parameters<AskStatus>[1]>[0]>((resolve) =>
      ask({ id, clientUrl, peerUrl }, resolve),
    )
    const status = answer?.status
    if (status === undefined) throw nodeNotReached(id, clientUrl)
    const { clusterId } = host.status()
    if (status.clusterId !== '' && status.clusterId !== clusterId) throw nodeOfOtherCluster(id)
  }
}

const roles: Readonly<Record<MemberProgress['role'], MemberRole>> = {
  voter: MemberRole.VOTER,
  learner: MemberRole.LEARNER,
  catchingUp: MemberRole.CATCHING_UP,
  leaving: MemberRole.LEAVING,
}

const memberState = (member: MemberProgress) => ({
  id: member.id,
  clientUrl: member.clientUrl,
  peerUrl: member.peerUrl,
  role: roles[member.role],
  leads: member.leads,
  active: member.active,
  matchIndex: BigInt(member.matchIndex),
  getsSnapshot: member.state === 'snapshot',
  setApart: member.state === 'apart',
})

function operatorOf(context: Parameters<typeof callerOf>[0]): number {
  const { account } = callerOf(context)
  if (account.role !== 'operator') throw notAllowed('operators')
  return account.accountId
}
