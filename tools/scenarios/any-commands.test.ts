/**
 * Any commands, in any order: the core keeps its invariants (it throws when it does not), the runner
 * never loses its place, and once messages arrive again every member has what the leader has.
 */
import { describe, expect, it } from 'vitest'
import { type Command, parseCommand } from './datadriven.ts'
import { Environment } from './interaction/environment.ts'

/** The same draws for the same seed. */
class Draws {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 2654435761) >>> 0 || 1
  }

  below(limit: number): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state % limit
  }

  yes(): boolean {
    return this.below(2) === 1
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}

class World {
  readonly #environment = new Environment()
  readonly #draws: Draws
  readonly #options: string
  #nodes = 0

  constructor(seed: number) {
    this.#draws = new Draws(seed)
    const flags = ['prevote', 'checkquorum', 'step-down-on-removal', 'async-storage-writes']
    const options = flags.map((flag) => `${flag}=${this.#draws.yes()}`)
    if (this.#draws.below(3) === 0) options.push('inflight=2')
    if (this.#draws.below(4) === 0) options.push('max-committed-size-per-ready=1')
    this.#options = options.join(' ')
    const count = this.#draws.oneOf([1, 2, 3, 3, 5])
    const voters = Array.from({ length: count }, (_, i) => i + 1)
    this.run(`add-nodes ${count} voters=(${voters}) index=10 ${this.#options}`)
    this.#nodes = count
  }

  run(text: string, input: readonly string[] = []): readonly string[] {
    const command: Command = parseCommand(text, 1)
    this.#environment.run({ ...command, text, input, expected: [], line: 1, expectedLine: 1 })
    expect(this.#environment.output).not.toContain('it does not come to rest')
    return this.#environment.output
  }

  doAnything(step: number): void {
    const draws = this.#draws
    const node = 1 + draws.below(this.#nodes)
    const other = 1 + draws.below(this.#nodes)
    const commands = [
      `campaign ${node}`,
      `propose ${node} x${step}`,
      `propose ${node} y${step}`,
      `process-ready ${node}`,
      `process-ready ${node} ${other}`,
      `process-ready ${node}`,
      `deliver-msgs ${node}`,
      `deliver-msgs ${node} ${other}`,
      `deliver-msgs ${node} type=MsgApp`,
      `deliver-msgs drop=${node}`,
      `process-append-thread ${node}`,
      `process-append-thread ${node} ${other}`,
      `process-apply-thread ${node}`,
      `tick-heartbeat ${node}`,
      `tick-election ${node}`,
      `stabilize ${node} ${other}`,
      `compact ${node} ${11 + draws.below(20)}`,
      `transfer-leadership from=${node} to=${other}`,
      `report-unreachable ${node} ${other}`,
      `forget-leader ${node}`,
      `status ${node}`,
      'change',
      'join',
    ]
    const command = draws.oneOf(commands)
    if (command === 'change') this.#change(node)
    else if (command === 'join') this.#join()
    else this.run(command)
  }

  /** No message is lost any more, and time passes. */
  heal(): void {
    for (let round = 0; round < 30; round++) {
      for (let node = 1; node <= this.#nodes; node++) this.run(`tick-heartbeat ${node}`)
      this.run('stabilize')
    }
  }

  /** Of the leader with the highest term: what each member has, as `status` tells it. */
  progress(): readonly { readonly node: number; readonly match: number }[] {
    const states = this.run('raft-state').flatMap((line) => {
      const match = /^(\d+): StateLeader \(Voter\) Term:(\d+)/.exec(line)
      return match === null ? [] : [{ node: Number(match[1]), term: Number(match[2]) }]
    })
    const leader = states.sort((a, b) => b.term - a.term)[0]
    if (leader === undefined) return []
    return this.run(`status ${leader.node}`).flatMap((line) => {
      const match = /^(\d+): State(?:Probe|Replicate) match=(\d+)/.exec(line)
      const isHere = match !== null && Number(match[1]) <= this.#nodes
      return isHere ? [{ node: Number(match[1]), match: Number(match[2]) }] : []
    })
  }

  #change(node: number): void {
    const draws = this.#draws
    const step = () => `${draws.oneOf(['v', 'l', 'r'])}${1 + draws.below(this.#nodes + 1)}`
    const steps = Array.from({ length: draws.below(4) }, step)
    const transition = draws.oneOf(['auto', 'implicit', 'explicit'])
    this.run(`propose-conf-change ${node} transition=${transition}`, [steps.join(' ')])
  }

  #join(): void {
    if (this.#nodes >= 6) return
    this.run(`add-nodes 1 ${this.#options}`)
    this.#nodes++
  }
}

describe('any commands', () => {
  it('do no harm, and everybody catches up afterwards', () => {
    let compared = 0
    for (let seed = 1; seed <= 250; seed++) {
      const world = new World(seed)
      for (let step = 0; step < 120; step++) world.doAnything(step)
      world.heal()
      const progress = world.progress()
      expect({ seed, different: new Set(progress.map(({ match }) => match)).size }).toEqual({
        seed,
        different: Math.min(1, progress.length),
      })
      compared += progress.length
    }
    expect(compared).toBeGreaterThan(300)
  })
})
