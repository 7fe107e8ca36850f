/**
 * Which seat of a run is taken on which segment: one bitmap per seat (seat-major), and per segment
 * how many seats are held and sold. Derived from live bookings; it has no rows of its own.
 */
export interface Inventory {
  readonly segments: number
  /** 32-bit words per seat. */
  readonly words: number
  /** `bits[seat * words + (segment >> 5)]`, bit `segment & 31`. */
  readonly bits: Uint32Array
  readonly held: Uint16Array
  readonly sold: Uint16Array
}
