import { type BookingState, nodeAddresses } from '@quorail/booking-fsm'
import type { Membership } from '@quorail/raft-core'
import type { MemberAddress } from './types.ts'

/**
 * Who belongs to the cluster, by the log's membership, and where they are reached: where an operator
 * said, else where this node was told when it started, else where another node was told.
 */
export class Roster {
  readonly #id: string
  readonly #given: readonly MemberAddress[]
  readonly #state: BookingState
  #membership: Membership | undefined
  #configIndex = 0

  constructor(id: string, given: readonly MemberAddress[], state: BookingState) {
    this.#id = id
    this.#given = given
    this.#state = state
  }

  /** The membership that counts here has changed, or is known at last. */
  changed(membership: Membership, configIndex: number): void {
    this.#membership = membership
    this.#configIndex = configIndex
  }

  get configIndex(): number {
    return this.#configIndex
  }

  get membership(): Membership | undefined {
    return this.#membership
  }

  /** The cluster was founded with this node alone. */
  get beganAlone(): boolean {
    return this.#given.length === 1
  }

  get isMember(): boolean {
    return this.#ids().includes(this.#id)
  }

  /** Everybody, by name; without an address (`''`) while nobody has said where it is. */
  all(): readonly MemberAddress[] {
    const rows = new Map(nodeAddresses(this.#state).map((it) => [it.name, it]))
    return this.#ids().map((id) => {
      const row = rows.get(id)
      const given = this.#given.find((it) => it.id === id)
      const known = row?.byOperator === true ? row : (given ?? row)
      return { id, clientUrl: known?.clientUrl ?? '', peerUrl: known?.peerUrl ?? '' }
    })
  }

  find(id: string): MemberAddress | undefined {
    return this.all().find((member) => member.id === id)
  }

  others(): readonly MemberAddress[] {
    return this.all().filter(({ id }) => id !== this.#id)
  }

  /** The others that vote: of them and this node a majority is asked for. */
  otherVoters(): readonly MemberAddress[] {
    const learners = this.#membership?.learners ?? []
    return this.others().filter(({ id }) => !learners.includes(id))
  }

  #ids(): readonly string[] {
    const membership = this.#membership
    if (membership === undefined) return this.#given.map(({ id }) => id)
    const { voters, votersOutgoing, learners, learnersNext } = membership
    return [...new Set([...voters, ...votersOutgoing, ...learners, ...learnersNext])].sort()
  }
}
