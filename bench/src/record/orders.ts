/** What `pnpm bench record` measures, in this order, and by which command. */

export interface Order {
  /** Of its file, and of its part of the page. */
  readonly name: string
  readonly subject: string
  readonly words: readonly string[]
  /** On a quiet machine of two cores, building left out. */
  readonly minutes: number
  /** It can not be measured without a feed. */
  readonly needsFeed?: boolean
}

export interface Places {
  readonly folder: string | undefined
  readonly feed: string | undefined
  readonly etcd: string | undefined
}

const noFaults: readonly string[] = ['--kills', '0', '--pauses', '0', '--cuts', '0']

/** As often and as long as the design asks for it; without it, as the subject does by itself. */
const fullFaults: readonly string[] = ['--kills', '100', '--pauses', '20', '--cuts', '20']
const fullCalm: readonly string[] = ['--calm-minutes', '60']

/** Holds a second at random moments: what every system that is compared can keep up with. */
const openLoop: readonly string[] = ['--rate', '4000']

export function ordersFor({ folder, feed, etcd }: Places, full: boolean): readonly Order[] {
  const on = folder === undefined ? [] : ['--folder', folder]
  const of = feed === undefined ? [] : ['--feed', feed]
  const by = etcd === undefined ? [] : ['--etcd', etcd]
  // Into the days that the feed's searches are asked about.
  const moved = [...of, '--shift-dates-to', '20260112']
  const secure = ['--tls', 'yes', '--peers', 'none', '--callers', '1,256', '--only', 'hold']
  const faults = ['--calm-minutes', '0', ...(full ? fullFaults : [])]
  const calm = [...noFaults, ...(full ? fullCalm : [])]
  return [
    { name: 'raft', subject: 'raft', minutes: 1, words: [] },
    { name: 'wal', subject: 'wal', minutes: 1, words: on },
    { name: 'fsm', subject: 'fsm', minutes: 1, words: [] },
    { name: 'search', subject: 'search', minutes: 1, words: moved, needsFeed: true },
    {
      ...{ name: 'search-follower', subject: 'search', minutes: 2, needsFeed: true },
      words: [...of, '--cluster', '500'],
    },
    { name: 'cluster', subject: 'cluster', minutes: 8, words: [...on, ...by, ...openLoop] },
    { name: 'cluster-tls', subject: 'cluster', minutes: 2, words: [...on, ...secure] },
    // Apart, so that each can have a session of its own.
    { name: 'calm', subject: 'failover', minutes: full ? 62 : 2, words: [...on, ...calm] },
    { name: 'failover', subject: 'failover', minutes: full ? 30 : 5, words: [...on, ...faults] },
    { name: 'restart', subject: 'restart', minutes: 5, words: on },
    { name: 'snapshot', subject: 'snapshot', minutes: 4, words: on },
    { name: 'day', subject: 'day', minutes: 5, words: moved, needsFeed: true },
    { name: 'size', subject: 'size', minutes: 0.1, words: [] },
  ]
}

/** All together; what it waits for a quiet machine is not in it. */
export const minutesOf = (orders: readonly Order[]): number =>
  Math.ceil(orders.reduce((sum, { minutes }) => sum + minutes, 0))

/** `1 h 37 min`. */
export function inHours(minutes: number): string {
  if (minutes < 1) return 'seconds'
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(' ')
}
