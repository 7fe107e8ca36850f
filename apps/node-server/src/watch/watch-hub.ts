import { info } from '@quorail/booking-fsm'
import { internalError } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import type { EncodedBody } from './encoded-body.ts'
import type { Subject, Version } from './subject.ts'
import { everything, ofNode, touchedBy } from './touched.ts'
import type { WatchLimits } from './watch-limits.ts'
import { Watched, type Watcher } from './watched.ts'

/** Who is woken in one go: their frames are made before anything else happens. */
const wokenAtOnce = 100

/**
 * Everything that is watched on this node. Applying marks what has changed and no more; looking at it
 * again is done in slices between which the node does its work, once for all who watch it.
 */
export class WatchHub {
  readonly #host: NodeHost
  readonly #limits: WatchLimits
  readonly #watched = new Map<string, Watched>()
  readonly #byThing = new Map<string, Set<Watched>>()
  readonly #old = new Set<Watched>()
  readonly #waking = new Set<Watcher>()
  readonly #stopListening: (() => void)[]
  #timer: NodeJS.Timeout | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  #tidiedAtMs = 0

  constructor(host: NodeHost, limits: WatchLimits) {
    this.#host = host
    this.#limits = limits
    this.#stopListening = [
      host.onRows((changes) => {
        if (this.#byThing.size === 0) return
        if (changes === undefined) this.#touch(everything)
        else for (const change of changes) touchedBy(change, (thing) => this.#touch(thing))
      }),
      host.onChange(() => this.#touch(ofNode)),
    ]
  }

  get subjects(): number {
    return this.#watched.size
  }

  /** The index of the state, as other answers name it. */
  get appliedIndex(): number {
    return info(this.#host.state).appliedIndex
  }

  /** It is known to be like that up to here. */
  indexOf(watched: Watched): number {
    return watched.isOld ? watched.index : this.appliedIndex
  }

  /** The subject as it is watched already, or as it will be; looked at by now. Undefined: there are too many. */
  join(subject: Subject, watcher: Watcher, atLeastIndex: number): Watched | undefined {
    let watched = this.#watched.get(subject.name)
    if (watched === undefined || watched.end !== undefined) {
      if (watched !== undefined) this.#forget(watched)
      if (this.#watched.size >= this.#limits.subjects) this.#forgetLeft(Number.POSITIVE_INFINITY)
      if (this.#watched.size >= this.#limits.subjects) return undefined
      watched = new Watched(subject, this.#limits)
      this.#watched.set(subject.name, watched)
    }
    watched.watchers.set(watcher, (watched.watchers.get(watcher) ?? 0) + 1)
    watched.leftAtMs = Number.POSITIVE_INFINITY
    if (watched.version === undefined || (watched.isOld && this.#isDue(watched, atLeastIndex)))
      this.look(watched)
    return watched
  }

  leave(watched: Watched, watcher: Watcher): void {
    const times = (watched.watchers.get(watcher) ?? 0) - 1
    if (times > 0) watched.watchers.set(watcher, times)
    else watched.watchers.delete(watcher)
    if (watched.watchers.size > 0) return
    watched.leftAtMs = performance.now()
    this.#old.delete(watched)
  }

  look(watched: Watched): void {
    this.#old.delete(watched)
    const before = watched.subject.madeOf
    const isNews = watched.look(this.appliedIndex, performance.now())
    this.#index(watched, before)
    if (!isNews) return
    for (const watcher of watched.watchers.keys()) this.#waking.add(watcher)
    this.#workWithin(0)
  }

  /** The whole state, and the version that it is. */
  whole(watched: Watched): { version: Version; body: EncodedBody } {
    if (watched.subject.whole() === undefined) this.look(watched)
    const { version } = watched
    const body = watched.subject.whole()
    if (version === undefined || body === undefined)
      throw internalError(new Error(`nothing is known of ${watched.subject.name}`))
    return { version, body }
  }

  /** Forgets what nobody has watched for a while; what depends on the clock is looked at again. */
  tidy(): void {
    const now = performance.now()
    this.#forgetLeft(now - this.#limits.lingerMs)
    if (now - this.#tidiedAtMs < this.#limits.lookAgainMs) return
    this.#tidiedAtMs = now
    for (const watched of this.#watched.values()) {
      watched.subject.shrink()
      if (watched.subject.tellsTime) this.#makeOld(watched)
    }
  }

  close(): void {
    for (const stop of this.#stopListening) stop()
    clearTimeout(this.#timer)
    this.#watched.clear()
    this.#byThing.clear()
  }

  #isDue(watched: Watched, atLeastIndex: number): boolean {
    const passedMs = performance.now() - watched.lookedAtMs
    return watched.index < atLeastIndex || passedMs >= watched.subject.gapMs
  }

  #touch(thing: string): void {
    if (thing === everything) {
      for (const watched of this.#watched.values()) this.#makeOld(watched)
      return
    }
    const touched = this.#byThing.get(thing)
    if (touched !== undefined) for (const watched of touched) this.#makeOld(watched)
  }

  #makeOld(watched: Watched): void {
    watched.isOld = true
    // What nobody watches is looked at when somebody comes.
    if (watched.watchers.size === 0 || watched.end !== undefined) return
    this.#old.add(watched)
    this.#workWithin(Math.max(0, watched.lookedAtMs + watched.subject.gapMs - performance.now()))
  }

  #workWithin(ms: number): void {
    const atMs = performance.now() + ms
    if (atMs >= this.#timerAtMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = atMs
    this.#timer = setTimeout(() => this.#work(), ms)
    this.#timer.unref()
  }

  #work(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    const { workMs, restMs } = this.#limits
    const beganMs = performance.now()
    let nextInMs = Number.POSITIVE_INFINITY
    for (const watched of this.#old) {
      const passedMs = performance.now() - beganMs
      const waitMs = watched.lookedAtMs + watched.subject.gapMs - performance.now()
      if (waitMs > 0) nextInMs = Math.min(nextInMs, waitMs)
      else if (passedMs < workMs) this.look(watched)
      else nextInMs = Math.min(nextInMs, restMs)
    }
    let woken = 0
    for (const watcher of this.#waking) {
      if (woken++ >= wokenAtOnce) break
      this.#waking.delete(watcher)
      watcher.wake()
    }
    // A slice, then others: watching takes a part of the processor, never all of it.
    if (this.#waking.size > 0) nextInMs = Math.min(nextInMs, workMs)
    clearTimeout(this.#timer)
    this.#timerAtMs = Number.POSITIVE_INFINITY
    if (nextInMs !== Number.POSITIVE_INFINITY) this.#workWithin(nextInMs)
  }

  /** Under the things that it is made of now. */
  #index(watched: Watched, before: readonly string[]): void {
    const { madeOf } = watched.subject
    for (const thing of before) if (!madeOf.includes(thing)) this.#unindex(thing, watched)
    for (const thing of madeOf) {
      const there = this.#byThing.get(thing)
      if (there === undefined) this.#byThing.set(thing, new Set([watched]))
      else there.add(watched)
    }
  }

  #unindex(thing: string, watched: Watched): void {
    const there = this.#byThing.get(thing)
    there?.delete(watched)
    if (there?.size === 0) this.#byThing.delete(thing)
  }

  #forgetLeft(beforeMs: number): void {
    for (const watched of this.#watched.values())
      if (watched.watchers.size === 0 && watched.leftAtMs < beforeMs) this.#forget(watched)
  }

  #forget(watched: Watched): void {
    this.#old.delete(watched)
    for (const thing of watched.subject.madeOf) this.#unindex(thing, watched)
    if (this.#watched.get(watched.subject.name) === watched)
      this.#watched.delete(watched.subject.name)
  }
}
