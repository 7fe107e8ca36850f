export type CountdownPhase = 'calm' | 'soon' | 'over'

export interface Countdown {
  readonly leftMs: number
  readonly phase: CountdownPhase
  /** m:ss */
  readonly clock: string
}

const warnMs = 120_000

/** What is left of a hold by the node's clock: the browser's may be wrong by hours. */
export function countdown(
  expiresAtMs: number,
  serverOffsetMs: number,
  browserNow: number,
): Countdown {
  const leftMs = Math.max(0, expiresAtMs - (browserNow + serverOffsetMs))
  const seconds = Math.ceil(leftMs / 1000)
  return {
    leftMs,
    phase: leftMs === 0 ? 'over' : leftMs <= warnMs ? 'soon' : 'calm',
    clock: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
  }
}

const announcements = [
  { atMs: 300_000, words: 'Your seats are held for 5 more minutes.' },
  { atMs: warnMs, words: 'Your seats are held for 2 more minutes.' },
  { atMs: 60_000, words: 'Your seats are held for 1 more minute.' },
  { atMs: 0, words: 'The hold has ended.' },
] as const

/** Said once each, when the time passes it; a count read out every second helps nobody. */
export function announcementBetween(beforeMs: number, leftMs: number): string | undefined {
  return announcements.findLast(({ atMs }) => leftMs <= atMs && beforeMs > atMs)?.words
}
