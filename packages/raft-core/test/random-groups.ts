/**
 * Random schedules of groups that change while they work: members come and go, one by one and joint,
 * logs are compacted, snapshots offered, lost and restored, clocks are slow, disks are slow, nodes
 * crash. After every step: one leader in a term, one committed log, one membership for each `config`
 * entry, no read older than what was committed when it was asked for; with lease reads, nobody leads
 * beside a leader whose round is younger than an election timeout. At the end everything is healed,
 * and the group has to agree, to have left every joint membership and to have promoted its learners.
 */
import { expect } from 'vitest'
import type { Input } from '../src/core/index.ts'
import { checkMembership, memberIds } from '../src/core/membership.ts'
import { randomStream } from '../src/testing/random.ts'
import type {
  Entry,
  MemberChange,
  Membership,
  MembershipTransition,
  Message,
  NodeId,
} from '../src/types.ts'
import { CoreHost, commands } from './core-cluster.ts'

const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5']
const ELECTION_MIN_TICKS = 10

export interface GroupFigures {
  committed: number
  reads: number
  elections: number
  changes: number
  restores: number
  leases: number
}

class GroupSchedule {
  readonly #random: () => number
  readonly #hosts: CoreHost[]
  readonly #hasLeases: boolean
  readonly #hasOneClock: boolean
  #network: Message[] = []
  readonly #leaders = new Map<number, NodeId>()
  readonly #committed: Entry[] = []
  readonly #checked = new Map<CoreHost, { applied: readonly Entry[]; count: number }>()
  readonly #readFloor = new Map<string, number>()
  readonly #memberships = new Map<number, string>()
  /** When each node began each round of its present leadership. */
  readonly #rounds = new Map<NodeId, number[]>()
  /** Until when nobody else can lead, by node. */
  readonly #leases = new Map<NodeId, number>()
  #cut = new Set<string>()
  #next = 0
  #now = 0
  readonly figures: GroupFigures = {
    committed: 0,
    reads: 0,
    elections: 0,
    changes: 0,
    restores: 0,
    leases: 0,
  }

  constructor(seed: number) {
    const random = randomStream(seed, 'group')
    this.#random = random
    this.#hasLeases = random() < 0.3
    this.#hasOneClock = this.#hasLeases
    const founders = NAMES.slice(0, 1 + Math.floor(random() * 4))
    const isSmall = random() < 0.5
    const isSlow = random() < 0.7
    const applyUnstable = random() < 0.1
    const preVote = random() < 0.8
    const priorities = random() < 0.3
    this.#hosts = NAMES.map((id, i) => {
      const host = new CoreHost(id, founders.includes(id) ? founders : undefined, {
        heartbeatTicks: 2,
        electionMinTicks: ELECTION_MIN_TICKS,
        electionMaxTicks: 20,
        peerLostTicks: 3,
        promoteWithinEntries: 2,
        preVote,
        applyUnstable,
        leaseReads: this.#hasLeases,
        priority: priorities ? i : 0,
        electionJitter: () => random() * 0.999,
        ...(isSmall
          ? {
              maxAppendBytes: 100,
              maxInflightMessages: 2,
              maxInflightBytes: 200,
              maxTailBytes: 300,
              maxUncommittedBytes: 2000,
              maxApplyBytes: 200,
            }
          : {}),
      })
      host.manualDisk = true
      host.manualRestore = true
      host.manualApply = isSlow
      host.manualReads = isSlow
      return host
    })
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#act()
      this.#check()
    }
    this.#heal()
    this.figures.committed = this.#committed.length
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
    if (!this.#hasOneClock) {
      host.step({ type: 'tick' })
      return
    }
    this.#now++
    for (const each of this.#hosts) {
      each.step({ type: 'tick' })
      this.#check()
    }
  }

  #deliver(): void {
    for (const host of this.#hosts) this.#network.push(...host.takeSent())
    const at = Math.floor(this.#random() ** 2 * this.#network.length)
    const message = this.#network[at]
    if (message === undefined) return
    const fate = this.#random()
    if (fate > 0.03) this.#network.splice(at, 1)
    if (fate > 0.03 && fate < 0.08) return
    if (!this.#cut.has(`${message.from}${message.to}`)) this.#hand(message)
  }

  #hand(message: Message): void {
    const host = this.#hosts.find(({ id }) => id === message.to)
    if (host === undefined) return
    if (message.type === 'installSnapshot') {
      const { index } = message.mark
      host.snapshots.set(index, this.#committed.slice(0, index))
      if (index > this.#committed.length) throw new Error('a snapshot of what is not committed')
    }
    host.step({ type: 'message', message: structuredClone(message) })
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
    const known = Math.max(...this.#hosts.map(({ core }) => core.status().commitIndex))
    this.#readFloor.set(`${host.id}/${id}`, known)
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
    const index = host.restores[0]
    if (index === undefined) return
    host.restores.shift()
    this.figures.restores++
    host.restore(index)
    host.settle()
  }

  #forget(host: CoreHost): void {
    const { appliedIndex, isRestoring } = host.core.status()
    if (isRestoring) return
    if (this.#random() < 0.7) host.snapshot()
    // What a machine has durably, or a snapshot; never what a node could not begin with again.
    host.snapshots.set(appliedIndex, [...host.applied])
    host.step({ type: 'compact', index: appliedIndex - Math.floor(this.#random() * 3) })
    const { firstIndex } = host.core.status()
    host.snapshots.set(firstIndex - 1, this.#committed.slice(0, firstIndex - 1))
  }

  #crash(host: CoreHost): void {
    host.completeWrites(Math.floor(this.#random() * (host.writes.length + 1)))
    this.#network.push(...host.takeSent())
    host.restores = []
    this.#leases.delete(host.id)
    host.restart()
    host.events = []
  }

  #partition(): void {
    this.#cut = new Set()
    if (this.#random() < 0.4) return
    for (const from of NAMES) {
      for (const to of NAMES) if (this.#random() < 0.3) this.#cut.add(from + to)
    }
  }

  #check(): void {
    for (const host of this.#hosts) {
      for (const event of host.events.splice(0)) {
        switch (event.type) {
          case 'roleChanged':
            this.#leases.delete(host.id)
            if (event.role === 'leader') this.#elected(host, event.term)
            break
          case 'readReady':
            this.#readReady(host, event.id, event.index)
            break
          case 'membershipChanged':
            this.#membershipChanged(event.membership, event.configIndex)
            break
          case 'roundStarted':
            this.#rounds.get(host.id)?.push(this.#now)
            break
          case 'roundConfirmed': {
            const begun = this.#rounds.get(host.id)?.[event.sequence - 1] ?? Number.NaN
            this.#leases.set(host.id, begun + ELECTION_MIN_TICKS - 1)
            this.figures.leases++
            break
          }
          default:
        }
      }
      this.#checkApplied(host)
    }
  }

  #elected(host: CoreHost, term: number): void {
    this.figures.elections++
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== host.id) throw new Error('two leaders in a term')
    this.#leaders.set(term, host.id)
    this.#rounds.set(host.id, [])
    const { lastIndex } = host.core.status()
    if (lastIndex < this.#committed.length) throw new Error('a leader lacks committed entries')
    for (const [holder, until] of this.#leases) {
      if (this.#now < until) throw new Error(`${host.id} leads although ${holder} has a lease`)
    }
  }

  #readReady(host: CoreHost, id: number, index: number): void {
    this.figures.reads++
    const floor = this.#readFloor.get(`${host.id}/${id}`) ?? Number.NaN
    if (!(index >= floor)) throw new Error(`a read at ${index} misses ${floor}`)
  }

  #membershipChanged(membership: Membership, configIndex: number): void {
    this.figures.changes++
    const problem = checkMembership(membership)
    if (problem !== undefined) throw new Error(problem)
    const text = JSON.stringify(membership)
    if ((this.#memberships.get(configIndex) ?? text) !== text) {
      throw new Error(`two memberships at ${configIndex}`)
    }
    this.#memberships.set(configIndex, text)
  }

  /** `applied` is the whole state; it is a beginning of the one committed log. */
  #checkApplied(host: CoreHost): void {
    const { applied } = host
    const before = this.#checked.get(host)
    const from = before?.applied === applied ? before.count : 0
    for (let i = from; i < applied.length; i++) {
      const entry = applied[i] as Entry
      if (entry.index !== i + 1) throw new Error('a hole was applied')
      const known = this.#committed[i]
      if (known === undefined) this.#committed.push(entry)
      else if (known.term !== entry.term || commands([known])[0] !== commands([entry])[0]) {
        throw new Error(`two entries were applied at ${entry.index}`)
      }
    }
    this.#checked.set(host, { applied, count: applied.length })
  }

  /** Everything works again: within a few elections all members have the same log. */
  #heal(): void {
    this.#cut = new Set()
    this.#network = []
    for (const host of this.#hosts) host.completeWrites()
    let marker: number | undefined
    for (let i = 0; i < 600; i++) {
      this.#now++
      for (const host of this.#hosts) {
        host.step({ type: 'tick' })
        this.#check()
      }
      for (let round = 0; round < 30; round++) {
        for (const host of this.#hosts) {
          host.completeWrites()
          host.answerReads()
          host.finishApply()
          while (host.restores.length > 0) this.#restore(host)
        }
        const sent = this.#hosts.flatMap((host) => host.takeSent())
        if (sent.length === 0) break
        for (const message of sent) {
          this.#hand(message)
          this.#check()
        }
      }
      const leader = this.#hosts.findLast(
        ({ core }) => core.role === 'leader' && core.status().members.includes(core.status().id),
      )
      const status = leader?.core.status()
      if (status?.membership.votersOutgoing.length && !status.membership.autoLeave) {
        if (leader !== undefined) this.#change(leader)
      }
      if (i === 400 && leader !== undefined) {
        this.#propose(leader)
        marker = leader.core.status().lastIndex
      }
    }
    const leader = this.#hosts.find(({ core }) => core.role === 'leader')
    if (marker === undefined || leader === undefined) throw new Error('nobody leads a healed group')
    const { membership } = leader.core.status()
    const ends = this.#hosts
      .filter(({ id }) => memberIds(membership).includes(id))
      .map(({ id, core }) => `${id}:${core.status().appliedIndex}`)
    if (ends.some((end) => Number(end.slice(3)) < (marker ?? 0))) {
      throw new Error(`a healed group does not agree: ${ends} of ${marker}`)
    }
    if (membership.votersOutgoing.length > 0) throw new Error('a joint membership was not left')
    if (membership.promote.length > 0) throw new Error('a learner was not promoted')
  }
}

/** Runs `runs` schedules from `seed`, and makes sure that they were not too quiet to prove anything. */
export function runGroups(seed: number, runs: number): void {
  const sum: GroupFigures = {
    committed: 0,
    reads: 0,
    elections: 0,
    changes: 0,
    restores: 0,
    leases: 0,
  }
  for (let run = 0; run < runs; run++) {
    const schedule = new GroupSchedule(seed * 1_000_003 + run)
    try {
      schedule.run(4000)
    } catch (error) {
      throw new Error(`seed ${seed}, run ${run}`, { cause: error })
    }
    for (const name of Object.keys(sum) as (keyof GroupFigures)[]) {
      sum[name] += schedule.figures[name]
    }
  }
  expect(sum.committed / runs).toBeGreaterThan(20)
  expect(sum.reads / runs).toBeGreaterThan(1)
  expect(sum.elections / runs).toBeGreaterThan(2)
  expect(sum.changes / runs).toBeGreaterThan(5)
  expect(sum.restores / runs).toBeGreaterThan(0.2)
  expect(sum.leases / runs).toBeGreaterThan(0.5)
}
