import { NotLeaderError } from '../errors.ts'
import type { Random } from '../ports.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import { bytesToHex, putU32 } from '../wal/bytes.ts'
import type { SimulatedNode, World } from './simulated-node.ts'

/** A call without an answer for so long, on a node that lives on, is a hang. */
const HANG_MS = 15_000
const BACK_OFF_MS = 40

/** One caller: writes and reads, one at a time, following the leader where it is told of one. */
export class SimulatedClient {
  readonly #number: number
  readonly #world: World
  readonly #nodes: readonly SimulatedNode[]
  readonly #random: Random
  #sent = 0
  #leader: string | undefined
  #wasRefused = false

  constructor(number: number, world: World, nodes: readonly SimulatedNode[]) {
    this.#number = number
    this.#world = world
    this.#nodes = nodes
    this.#random = randomStream(world.seed, `client ${number}`)
  }

  /** Makes one call, and the next some time after its end. */
  run(): void {
    const { profile, scheduler } = this.#world
    const next = (): void => {
      const pause = this.#random() * (this.#wasRefused ? BACK_OFF_MS : profile.thinkMs)
      this.#wasRefused = false
      scheduler.after(pause, `client ${this.#number}`, () => this.run())
    }
    const target = this.#target()
    if (target?.node === undefined) {
      scheduler.after(20, `client ${this.#number}`, () => this.run())
      return
    }
    if (this.#random() < profile.readShare) this.#read(target, next)
    else this.#write(target, next)
  }

  #target(): SimulatedNode | undefined {
    const up = this.#nodes.filter((node) => node.state === 'up')
    const leader = up.find((node) => node.id === this.#leader)
    if (leader !== undefined && this.#random() < 0.8) return leader
    return up.length === 0 ? undefined : randomItem(this.#random, up)
  }

  #write(target: SimulatedNode, next: () => void): void {
    const { checker } = this.#world
    const data = new Uint8Array(8 + randomInteger(this.#random, 0, this.#world.profile.valueBytes))
    putU32(data, 0, this.#number)
    putU32(data, 4, ++this.#sent)
    const sent = bytesToHex(data)
    const answered = this.#patience(target, next)
    target.node?.proposeWith(data, (error, index, _term, result) => {
      this.#wasRefused = error !== undefined
      answered()
      if (error === undefined) {
        this.#leader = target.id
        checker.acknowledge(index, target.history.given.hashAt(index), sent, result ?? '')
        return
      }
      checker.mark(error.code)
      if (error.code !== 'outcomeUnknown') checker.refuse(sent)
      this.#leader = error instanceof NotLeaderError ? error.leader : undefined
    })
  }

  /** A read sees everything that was acknowledged before it began. */
  #read(target: SimulatedNode, next: () => void): void {
    const { checker } = this.#world
    const atLeast = checker.acknowledgedIndex
    const answered = this.#patience(target, next)
    target.node?.readWith((error, index) => {
      this.#wasRefused = error !== undefined
      answered()
      if (error !== undefined) return
      checker.mark('read')
      if (index < atLeast) {
        checker.fail('I9', `${target.id} reads at ${index}, after ${atLeast} was acknowledged`)
      }
    })
  }

  /** Goes on after the answer, or without one; complains if none ever comes. */
  #patience(target: SimulatedNode, next: () => void): () => void {
    const { scheduler, checker } = this.#world
    const { life } = target
    let isOver = false
    let isAnswered = false
    const once = (): void => {
      if (!isOver) next()
      isOver = true
    }
    scheduler.after(this.#world.profile.patienceMs, `patience ${this.#number}`, () => {
      // No answer: perhaps another node leads by now.
      if (!isOver) this.#leader = undefined
      once()
    })
    const hang = scheduler.after(HANG_MS, `hang ${this.#number}`, () => {
      if (!isAnswered && target.life === life) {
        checker.fail('liveness', `${target.id} never answered a call`)
      }
    })
    return () => {
      if (isAnswered) checker.fail('assertion', `${target.id} answered a call twice`)
      isAnswered = true
      hang.cancel()
      once()
    }
  }
}
