/**
 * Random schedules of cores: messages lost, repeated and reordered, writes that take their time,
 * crashes that lose them, partitions. After every step Raft's safety properties are checked; at the
 * end everything is healed and the cluster has to agree. The simulator does the same with the real
 * log and runtime; this one is small and fast, and fails nearer to the mistake.
 */
import { expect } from 'vitest'
import { randomStream } from '../src/testing/random.ts'
import type { Entry, Message, NodeId } from '../src/types.ts'
import { CoreHost, commands } from './core-cluster.ts'

class Schedule {
  readonly #random: () => number
  readonly #hosts: CoreHost[]
  readonly #ids: NodeId[]
  #network: Message[] = []
  readonly #leaders = new Map<number, NodeId>()
  readonly #committed: Entry[] = []
  readonly #readFloor = new Map<string, number>()
  #cut = new Set<string>()
  #next = 0
  reads = 0
  elections = 0

  constructor(seed: number) {
    const random = randomStream(seed, 'schedule')
    this.#random = random
    const size = [1, 2, 3, 3, 3, 5][Math.floor(random() * 6)] as number
    this.#ids = Array.from({ length: size }, (_, i) => `n${i + 1}`)
    const small = random() < 0.5
    this.#hosts = this.#ids.map((id) => {
      const host = new CoreHost(id, this.#ids, {
        heartbeatTicks: 2,
        electionMinTicks: 10,
        electionMaxTicks: 20,
        peerLostTicks: 3,
        electionJitter: () => random() * 0.999,
        ...(small
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
      return host
    })
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#act()
      this.#check()
    }
    this.#heal()
  }

  get committed(): number {
    return this.#committed.length
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T
  }

  #act(): void {
    const dice = this.#random()
    const host = this.#pick(this.#hosts)
    if (dice < 0.45) this.#deliver()
    else if (dice < 0.6) host.step({ type: 'tick' })
    else if (dice < 0.82) host.completeWrites(1 + Math.floor(this.#random() * 2))
    else if (dice < 0.94) this.#propose(host)
    else if (dice < 0.97) this.#read(host)
    else if (dice < 0.98) host.step({ type: 'peerLost', peer: this.#pick(this.#ids) })
    else if (dice < 0.985) this.#crash(host)
    else if (dice < 0.99) this.#partition()
    else if (dice < 0.995) {
      host.step({ type: 'transferLeadership', id: 1, to: this.#pick([undefined, ...this.#ids]) })
    } else host.step({ type: 'campaign' })
  }

  #deliver(): void {
    for (const host of this.#hosts) this.#network.push(...host.takeSent())
    const at = Math.floor(this.#random() ** 2 * this.#network.length)
    const message = this.#network[at]
    if (message === undefined) return
    const fate = this.#random()
    if (fate > 0.03) this.#network.splice(at, 1)
    if (fate < 0.1 || this.#cut.has(`${message.from}${message.to}`)) {
      if (fate > 0.03) return
    }
    if (this.#cut.has(`${message.from}${message.to}`)) return
    const copy = structuredClone(message)
    this.#hosts.find(({ id }) => id === message.to)?.step({ type: 'message', message: copy })
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
    this.#readFloor.set(`${host.id}/${id}`, this.#committed.length)
    host.step({ type: 'readIndex', id })
  }

  #crash(host: CoreHost): void {
    host.completeWrites(Math.floor(this.#random() * (host.writes.length + 1)))
    this.#network.push(...host.takeSent())
    host.restart()
    host.events = []
  }

  #partition(): void {
    this.#cut = new Set()
    if (this.#random() < 0.4) return
    for (const from of this.#ids) {
      for (const to of this.#ids) if (this.#random() < 0.3) this.#cut.add(from + to)
    }
  }

  #check(): void {
    for (const host of this.#hosts) {
      const { core } = host
      for (const event of host.events.splice(0)) {
        if (event.type === 'roleChanged' && event.role === 'leader') {
          this.elections++
          const other = this.#leaders.get(event.term)
          if (other !== undefined && other !== host.id) throw new Error('two leaders in a term')
          this.#leaders.set(event.term, host.id)
          const { lastIndex } = core.status()
          if (lastIndex < this.#committed.length)
            throw new Error('a leader lacks committed entries')
        }
        if (event.type === 'readReady') {
          this.reads++
          const floor = this.#readFloor.get(`${host.id}/${event.id}`) ?? Number.NaN
          if (!(event.index >= floor)) throw new Error(`a read at ${event.index} misses ${floor}`)
        }
      }
      // `applied` begins anew with each life of the host; every entry must be the committed one.
      for (const entry of host.applied.splice(0)) {
        const known = this.#committed[entry.index - 1]
        if (known === undefined) {
          if (entry.index !== this.#committed.length + 1) throw new Error('a hole was applied')
          this.#committed.push(entry)
        } else if (known.term !== entry.term || commands([known])[0] !== commands([entry])[0]) {
          throw new Error(`two entries were applied at ${entry.index}`)
        }
      }
    }
  }

  /** Everything works again: within a few elections all have the same log. */
  #heal(): void {
    this.#cut = new Set()
    this.#network = []
    for (const host of this.#hosts) host.completeWrites()
    let marker: number | undefined
    for (let i = 0; i < 400; i++) {
      for (const host of this.#hosts) host.step({ type: 'tick' })
      for (let round = 0; round < 30; round++) {
        for (const host of this.#hosts) host.completeWrites()
        const sent = this.#hosts.flatMap((host) => host.takeSent())
        if (sent.length === 0) break
        for (const message of sent) {
          this.#hosts.find(({ id }) => id === message.to)?.step({ type: 'message', message })
        }
      }
      this.#check()
      const leader = this.#hosts.find(({ core }) => core.role === 'leader')
      if (i === 200 && leader !== undefined) {
        this.#propose(leader)
        marker = leader.core.status().lastIndex
      }
    }
    const ends = this.#hosts.map(({ core }) => core.status().appliedIndex)
    if (marker === undefined) throw new Error('nobody leads a healed cluster')
    if (ends.some((end) => end < marker)) {
      throw new Error(`a healed cluster does not agree: ${ends} of ${marker}`)
    }
  }
}

/** Runs `runs` schedules from `seed`, and makes sure that they were not too quiet to prove anything. */
export function runSchedules(seed: number, runs: number): void {
  let committed = 0
  let reads = 0
  let elections = 0
  for (let run = 0; run < runs; run++) {
    const schedule = new Schedule(seed * 1_000_003 + run)
    try {
      schedule.run(4000)
    } catch (error) {
      throw new Error(`seed ${seed}, run ${run}`, { cause: error })
    }
    committed += schedule.committed
    reads += schedule.reads
    elections += schedule.elections
  }
  expect(committed / runs).toBeGreaterThan(20)
  expect(reads / runs).toBeGreaterThan(1)
  expect(elections / runs).toBeGreaterThan(2)
}
