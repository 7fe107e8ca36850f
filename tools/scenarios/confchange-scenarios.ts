/**
 * The files of etcd's confchange package: `simple`, `enter-joint [autoleave=]` and `leave-joint` on one
 * membership, printed with the progress that a leader would keep of each member. Compared exactly.
 */
import { CommandError, singleValue, yesOrNo } from './arguments.ts'
import type { Command, Step } from './datadriven.ts'
import { membershipText, parseChanges } from './membership-text.ts'
import { numberOf } from './names.ts'
import {
  enterJoint,
  isProblem,
  leaveJoint,
  type MemberChange,
  type Membership,
  type MembershipProblem,
  memberIds,
  NO_MEMBERSHIP,
  type NodeId,
  simpleChange,
} from './raft-core.ts'

export const CONFCHANGE_COMMANDS: readonly string[] = ['simple', 'enter-joint', 'leave-joint']

export class ConfchangeScenario {
  #membership: Membership = NO_MEMBERSHIP
  /** The `next` of each member: the last index when it was added. That goes up with each command. */
  #next = new Map<NodeId, number>()
  #lastIndex = 0

  run(step: Step): string {
    try {
      const changes = parseChanges(step.input)
      const result = this.#change(step, changes)
      if (isProblem(result)) return etcdsText(step, this.#membership, result)
      this.#follow(result, changes)
      this.#membership = result
      return `${membershipText(result)}\n${this.#progressText()}`
    } catch (error) {
      if (error instanceof CommandError) return error.message
      throw error
    } finally {
      this.#lastIndex++
    }
  }

  #change(command: Command, changes: readonly MemberChange[]): Membership | MembershipProblem {
    switch (command.name) {
      case 'simple':
        return simpleChange(this.#membership, changes)
      case 'enter-joint': {
        const autoLeave = yesOrNo(singleValue(command, 'autoleave') ?? 'false')
        return enterJoint(this.#membership, changes, autoLeave)
      }
      case 'leave-joint':
        if (changes.length > 0) throw new CommandError('this command takes no input')
        return leaveJoint(this.#membership)
      default:
        throw new CommandError('unknown command')
    }
  }

  #follow(membership: Membership, changes: readonly MemberChange[]): void {
    // Who is removed altogether and added again by the same command is known anew.
    for (const { type, id } of changes) {
      if (type === 'remove' && !membership.votersOutgoing.includes(id)) this.#next.delete(id)
    }
    const members = memberIds(membership)
    for (const id of this.#next.keys()) if (!members.includes(id)) this.#next.delete(id)
    for (const id of members) {
      if (!this.#next.has(id)) this.#next.set(id, Math.max(this.#lastIndex, 1))
    }
  }

  #progressText(): string {
    const { learners } = this.#membership
    const lines = memberIds(this.#membership).map((id) => {
      const learner = learners.includes(id) ? ' learner' : ''
      return `${numberOf(id)}: StateProbe match=0 next=${this.#next.get(id)}${learner}`
    })
    return lines.join('\n')
  }
}

/** etcd's sentences for our reasons. */
function etcdsText(command: Command, before: Membership, problem: MembershipProblem): string {
  switch (problem.refusal) {
    case 'joint':
      return command.name === 'simple'
        ? "can't apply simple config change in joint config"
        : 'config is already joint'
    case 'notJoint':
      return "can't leave a non-joint config"
    case 'noVoters':
      return command.name === 'enter-joint' && before.voters.length === 0
        ? "can't make a zero-voter config joint"
        : 'removed all voters'
    case 'tooManyVoters':
      return 'more than one voter changed without entering joint config'
    default:
      return problem.problem
  }
}
