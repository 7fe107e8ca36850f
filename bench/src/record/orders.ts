/** What `pnpm bench record` measures, in this order, and by which command. */

export interface Order {
  /** Of its file, and of its part of the page. */
  readonly name: string
  readonly subject: string
  readonly words: readonly string[]
  /** It can not be measured without a feed. */
  readonly needsFeed?: boolean
}

export interface Places {
  readonly folder: string | undefined
  readonly feed: string | undefined
  readonly etcd: string | undefined
}

/** As often as the design asks for it; without it, as often as the subject does by itself. */
const fullFailover: readonly string[] = [
  ...['--kills', '100', '--pauses', '20', '--cuts', '20', '--calm-minutes', '60'],
]

/** Holds a second at random moments: what every system that is compared can keep up with. */
const openLoop: readonly string[] = ['--rate', '4000']

export function ordersFor({ folder, feed, etcd }: Places, full: boolean): readonly Order[] {
  const on = folder === undefined ? [] : ['--folder', folder]
  const of = feed === undefined ? [] : ['--feed', feed]
  const by = etcd === undefined ? [] : ['--etcd', etcd]
  // Into the days that the feed's searches are asked about.
  const moved = [...of, '--shift-dates-to', '20260112']
  const secure = ['--tls', 'yes', '--peers', 'none', '--callers', '1,256', '--only', 'hold']
  return [
    { name: 'raft', subject: 'raft', words: [] },
    { name: 'wal', subject: 'wal', words: on },
    { name: 'fsm', subject: 'fsm', words: [] },
    { name: 'search', subject: 'search', words: moved, needsFeed: true },
    {
      ...{ name: 'search-follower', subject: 'search', needsFeed: true },
      words: [...of, '--cluster', '500'],
    },
    { name: 'cluster', subject: 'cluster', words: [...on, ...by, ...openLoop] },
    { name: 'cluster-tls', subject: 'cluster', words: [...on, ...secure] },
    { name: 'failover', subject: 'failover', words: [...on, ...(full ? fullFailover : [])] },
    { name: 'restart', subject: 'restart', words: on },
    { name: 'snapshot', subject: 'snapshot', words: on },
    { name: 'day', subject: 'day', words: moved, needsFeed: true },
    { name: 'size', subject: 'size', words: [] },
  ]
}
