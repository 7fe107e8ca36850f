/** Which classes promise a seat, and which a place only: their seats are given when the chart closes. */

/** Dated data; without a rule every class promises a seat. A booking keeps what it was held under. */
export interface SetSeatPromiseRule {
  readonly type: 'setSeatPromiseRule'
  /** The rule counts for holds from this instant on. */
  readonly validFromMs: number
  /** The chart of a run closes, and seats are given, so long before it leaves its first stop: 0 to 100,000,000,000. */
  readonly chartBeforeDepartureMs: number
  /** Up to 64; a class that no line is about promises a seat. */
  readonly lines: readonly SeatPromiseLine[]
}

export interface SeatPromiseLine {
  /** '': every train without a line of its own for the class. */
  readonly trainNumber: string
  readonly classCode: string
  /** False: a place is promised, and the seat is given later. */
  readonly promised: boolean
}

/** How many more places are promised than a class has seats, where they are given later. Dated data; without a rule none. */
export interface SetOverbookingRule {
  readonly type: 'setOverbookingRule'
  /** The rule counts for holds from this instant on. */
  readonly validFromMs: number
  /** Up to 64; a class that no line is about is not overbooked. */
  readonly lines: readonly OverbookingLine[]
}

export interface OverbookingLine {
  /** '': every train without a line of its own for the class. */
  readonly trainNumber: string
  readonly classCode: string
  /** Of the seats of the class: 0 to 10,000. */
  readonly basisPoints: number
}
