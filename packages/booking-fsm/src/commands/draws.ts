/** The draw at the opening hour: who comes first is nobody's secret and nobody's merit. */
import type { PassengerInput } from './sales.ts'

/** Puts runs under a draw: until it is done their seats go to those who entered, in the draw's order. */
export interface OpenDraw {
  readonly type: 'openDraw'
  /** 1 to 100; none of them under another draw. */
  readonly runIds: readonly number[]
  /** Entries are taken in [windowFromMs, windowToMs). */
  readonly windowFromMs: number
  readonly windowToMs: number
  /** Not revealed until then: the order is made without the seed. At most a day after the window. */
  readonly revealByMs: number
  /** How long a winner has to pay: 60,000 to 86,400,000. */
  readonly holdMs: number
  /** SHA-256 of the seed's text, hexadecimal: it binds the railway to a seed that nobody knows yet. */
  readonly seedCommitment: string
}

/** One entry for each account, however often it is tried. */
export interface EnterDraw {
  readonly type: 'enterDraw'
  readonly drawId: number
  /** 1 to 3, the best one first: the first that fits is held. */
  readonly wishes: readonly DrawWish[]
  readonly passengers: readonly PassengerInput[]
  /** Random, made by the client, 16 to 64 hexadecimal digits: all entries' salts have a share in the order. */
  readonly salt: string
}

export interface DrawWish {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
}

/** After the window: the seed that was committed to. From here on the order is fixed. */
export interface RevealSeed {
  readonly type: 'revealSeed'
  readonly drawId: number
  /** 32 to 128 hexadecimal digits. */
  readonly seed: string
}
