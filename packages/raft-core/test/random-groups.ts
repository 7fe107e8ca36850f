/**
 * Random schedules of groups that change while they work: members come and go, one by one and joint,
 * and come back without their logs once they were removed; logs are compacted, snapshots offered, lost
 * and restored; disks, reads and state machines take their time; nodes crash. After every step the
 * checks of `GroupChecks`. At the end everything is healed, and the group has to agree, to have left
 * every joint membership, and to have promoted its learners.
 */
import { expect } from 'vitest'
import type { Input } from '../src/core/index.ts'
import { randomStream } from '../src/testing/random.ts'
import type { MemberChange, MembershipTransition, Message, NodeId } from '../src/types.ts'
import { CoreHost } from './core-cluster.ts'
import { GroupChecks, type GroupFigures, noFigures } from './group-checks.ts'

const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5']
const ELECTION_MIN_TICKS = 10
const SMALL = {
  maxAppendBytes: 100,
  maxInflightMessages: 2,
  maxInflightBytes: 200,
  maxTailBytes: 300,
  maxUncommittedBytes: 2000,
  maxApplyBytes: 200,
}

interface Sent {
  readonly message: Message
  /** The sender's, when it sent it. */
  readonly incarnation: string
}

class GroupSchedule {
  readonly checks = new GroupChecks(ELECTION_MIN_TICKS)
  readonly #random: () => number
  readonly #hosts: CoreHost[]
  /** Then all clocks run alike, or nothing could be said of leases. */
  readonly #hasLeases: boolean
  readonly #lives = new Map<NodeId, number>()
  readonly #newHost: (id: NodeId, founders: readonly NodeId[] | undefined) => CoreHost
  #network: Sent[] = []
  #cut = new Set<string>()
  #next = 0
  #now = 0

  constructor(seed: number) {
    const random = randomStream(seed, 'group')
    this.#random = random
    this.#hasLeases = random() < 0.3
    const founders = NAMES.slice(0, 1 + Math.floor(random() * 4))
    const isSlow = random() < 0.7
    const hasPriorities = random() < 0.3
    const options = {
      heartbeatTicks: 2,
      electionMinTicks: ELECTION_MIN_TICKS,
      electionMaxTicks: 20,
      peerLostTicks: 3,
      promoteWithinEntries: 2,
      preVote: random() < 0.8,
      applyUnstable: random() < 0.1,
      leaseReads: this.#hasLeases,
      electionJitter: () => random() * 0.999,
      ...(random() < 0.5 ? SMALL : {}),
    }
    this.#newHost = (id, members) => {
      const priority = hasPriorities ? NAMES.indexOf(id) : 0
      const host = new CoreHost(id, members, { ...options, priority })
      host.manualDisk = true
      host.manualRestore = true
      host.manualApply = isSlow
      host.manualReads = isSlow
      return host
    }
    this.#hosts = NAMES.map((id) => this.#newHost(id, founders.includes(id) ? founders : undefined))
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#act()
      this.#check()
    }
    this.#heal()
  }

  #check(): void {
    this.checks.check(this.#hosts, this.#now)
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T
  }

  #act(): void {
    const dice = this.#random()
    const host = this.#pick(this.#hosts)
    if (dice < 0.5) this.#deliver()
    else if (dice < 0.6) this.#tick(host)
    else if (dice < 0.72) host.completeWrites(1 + Math.floor(this.#random() * 2))
    else if (dice < 0.78) host.finishApply()
    else if (dice < 0.8) host.answerReads()
    else if (dice < 0.87) this.#propose(host)
    else if (dice < 0.9) this.#read(host)
    else if (dice < 0.93) this.#change(host)
    else if (dice < 0.95) this.#restore(host)
    else if (dice < 0.96) this.#forget(host)
    else if (dice < 0.965) this.#crash(host)
    else if (dice < 0.97) this.#partition()
    else if (dice < 0.973) this.#loseLog(host)
    else this.#rare(host)
  }

  #rare(host: CoreHost): void {
    const peer = this.#pick(NAMES)
    const inputs: Input[] = [
      { type: 'peerLost', peer },
      { type: 'unreachable', peer },
      { type: 'campaign' },
      { type: 'forgetLeader' },
      { type: 'abortTransfer' },
      { type: 'confirmLeadership' },
      { type: 'confirmLeadership' },
      { type: 'confirmLeadership' },
      { type: 'snapshotDelivery', peer, succeeded: this.#random() < 0.5 },
    ]
    // A transfer ends the lease, which is not the core's business.
    if (!this.#hasLeases) {
      inputs.push({ type: 'transferLeadership', id: 1, to: this.#pick([undefined, ...NAMES]) })
    }
    host.step(this.#pick(inputs))
  }

  #tick(host: CoreHost): void {
    this.#now++
    for (const each of this.#hasLeases ? this.#hosts : [host]) {
      each.step({ type: 'tick' })
      this.#check()
    }
  }

  #collect(): Sent[] {
    return this.#hosts.flatMap((host) => {
      const incarnation = this.#incarnation(host.id)
      return host.takeSent().map((message) => ({ message, incarnation }))
    })
  }

  #incarnation(id: NodeId): string {
    return `${NAMES.indexOf(id) + 1}${this.#lives.get(id) ?? 0}`.padStart(32, 'a')
  }

  #deliver(): void {
    this.#network.push(...this.#collect())
    const at = Math.floor(this.#random() ** 2 * this.#network.length)
    const sent = this.#network[at]
    if (sent === undefined) return
    const fate = this.#random()
    if (fate > 0.03) this.#network.splice(at, 1)
    if (fate > 0.03 && fate < 0.08) return
    if (!this.#cut.has(`${sent.message.from}${sent.message.to}`)) this.#hand(sent)
  }

  #hand({ message, incarnation }: Sent): void {
    const host = this.#hosts.find(({ id }) => id === message.to)
    if (host === undefined) return
    if (message.type === 'installSnapshot') {
      const { index } = message.mark
      if (index > this.checks.committed.length)
        throw new Error('a snapshot of what is not committed')
      host.snapshots.set(index, this.checks.committed.slice(0, index))
    }
    host.step({ type: 'message', message: structuredClone(message), incarnation })
  }

  #propose(host: CoreHost): void {
    const count = 1 + Math.floor(this.#random() * 3)
    const data = Array.from({ length: count }, () =>
      Uint8Array.from(`c${this.#next++}`, (c) => c.charCodeAt(0)),
    )
    host.step({ type: 'propose', id: this.#next, commands: data })
  }

  #read(host: CoreHost): void {
    const id = this.#next++
    this.checks.readAsked(host, id, this.#hosts)
    host.step({ type: 'readIndex', id })
  }

  #change(host: CoreHost): void {
    const { role, membership } = host.core.status()
    if (role !== 'leader') return
    const isLeaving = membership.votersOutgoing.length > 0
    const count = isLeaving ? 0 : this.#pick([1, 1, 1, 2, 3])
    const changes = Array.from({ length: count }, (): MemberChange => {
      const type = this.#pick(['addVoter', 'addVoter', 'addLearner', 'remove'] as const)
      const id = this.#pick(NAMES)
      return type === 'addLearner' ? { type, id, promote: this.#random() < 0.5 } : { type, id }
    })
    const transition = this.#pick<MembershipTransition>([
      'auto',
      'auto',
      'jointImplicit',
      'jointExplicit',
    ])
    const change = { changes, transition, context: new Uint8Array(0) }
    host.step({ type: 'changeMembership', id: this.#next++, change, ifConfig: undefined })
  }

  #restore(host: CoreHost): void {
    const index = host.restores.shift()
    if (index === undefined) return
    this.checks.figures.restores++
    host.restore(index)
    host.settle()
  }

  /** A snapshot, perhaps, and a log that begins later. */
  #forget(host: CoreHost): void {
    const { appliedIndex, isRestoring } = host.core.status()
    if (isRestoring) return
    if (this.#random() < 0.7) host.snapshot()
    host.step({ type: 'compact', index: appliedIndex - Math.floor(this.#random() * 3) })
    // What the machine has durably: it begins with that when the node starts again.
    const base = host.core.status().firstIndex - 1
    host.snapshots.set(base, this.checks.committed.slice(0, base))
  }

  #crash(host: CoreHost): void {
    host.completeWrites(Math.floor(this.#random() * (host.writes.length + 1)))
    this.#network.push(...this.#collect())
    host.restores = []
    this.checks.crashed(host)
    host.restart()
    host.events = []
  }

  /** Who belongs to the group by nobody's log any more may come back as another. */
  #loseLog(host: CoreHost): void {
    const isMember = this.#hosts.some(({ core }) => core.status().members.includes(host.id))
    if (isMember || !this.checks.wasRemoved(host.id)) return
    // Who has just started has yet to apply what may have added it again.
    const isLate = this.#hosts.some(({ core, disk }) =>
      disk.entries.some((e) => e.kind === 'config' && e.index > core.status().appliedIndex),
    )
    if (isLate) return
    this.#network.push(...this.#collect())
    this.#lives.set(host.id, (this.#lives.get(host.id) ?? 0) + 1)
    this.checks.crashed(host)
    this.checks.figures.lives++
    this.#hosts[this.#hosts.indexOf(host)] = this.#newHost(host.id, undefined)
  }

  #partition(): void {
    this.#cut = new Set()
    if (this.#random() < 0.4) return
    for (const from of NAMES) {
      for (const to of NAMES) if (this.#random() < 0.3) this.#cut.add(from + to)
    }
  }

  /** Everything works again: within a few elections all members have the same log. */
  #heal(): void {
    this.#cut = new Set()
    this.#network = []
    let marker = Number.POSITIVE_INFINITY
    for (let i = 0; i < 600; i++) {
      this.#now++
      for (const host of this.#hosts) {
        host.step({ type: 'tick' })
        this.#check()
      }
      this.#settle()
      const leader = this.#hosts.find(
        ({ id, core }) => core.role === 'leader' && core.status().members.includes(id),
      )
      if (leader === undefined) continue
      const { membership } = leader.core.status()
      if (membership.votersOutgoing.length > 0 && !membership.autoLeave) this.#change(leader)
      if (i !== 400) continue
      this.#propose(leader)
      marker = leader.core.status().lastIndex
    }
    this.#agree(marker)
  }

  #settle(): void {
    for (let round = 0; round < 30; round++) {
      for (const host of this.#hosts) {
        host.completeWrites()
        host.answerReads()
        host.finishApply()
        while (host.restores.length > 0) this.#restore(host)
      }
      const sent = this.#collect()
      if (sent.length === 0) return
      for (const each of sent) {
        this.#hand(each)
        this.#check()
      }
    }
  }

  #agree(marker: number): void {
    const leader = this.#hosts.find(({ core }) => core.role === 'leader')
    if (leader === undefined) throw new Error('nobody leads a healed group')
    const { membership, members } = leader.core.status()
    const ends = this.#hosts
      .filter(({ id }) => members.includes(id))
      .map(({ core }) => core.status().appliedIndex)
    if (ends.some((end) => end < marker)) {
      throw new Error(`a healed group does not agree: ${ends} of ${marker}`)
    }
    if (membership.votersOutgoing.length > 0) throw new Error('a joint membership was not left')
    if (membership.promote.length > 0) throw new Error('a learner was not promoted')
  }
}

/**
 * Runs `runs` schedules from `seed`, and makes sure that they were not too quiet to prove anything. The bounds are
 * far below what is usual: they find a generator that looks away, and no seed of 300 runs falls below them by chance.
 */
export function runGroups(seed: number, runs: number): void {
  const sum = noFigures()
  for (let run = 0; run < runs; run++) {
    const schedule = new GroupSchedule(seed * 1_000_003 + run)
    try {
      schedule.run(4000)
    } catch (error) {
      throw new Error(`seed ${seed}, run ${run}`, { cause: error })
    }
    const { figures } = schedule.checks
    for (const name of Object.keys(sum) as (keyof GroupFigures)[]) sum[name] += figures[name]
  }
  expect(sum.committed / runs).toBeGreaterThan(20)
  expect(sum.reads / runs).toBeGreaterThan(1)
  expect(sum.elections / runs).toBeGreaterThan(2)
  expect(sum.changes / runs).toBeGreaterThan(5)
  expect(sum.restores / runs).toBeGreaterThan(0.2)
  expect(sum.leases / runs).toBeGreaterThan(0.5)
  expect(sum.lives / runs).toBeGreaterThan(0.2)
}
