import { info } from '@quorail/booking-fsm'
import { Gauge, type Registry } from 'prom-client'
import type { HostStatus, NodeHost } from '../host/types.ts'

/** Each is read when it is asked for; nothing is counted on the way of a booking. */
export function describeHost(registry: Registry, host: NodeHost): void {
  for (const [name, [help, value]] of Object.entries(figures)) {
    new Gauge({
      name: `quorail_${name}`,
      help,
      registers: [registry],
      collect() {
        const figure = value(host.status(), host)
        if (figure !== undefined) this.set(figure)
        else this.reset()
      },
    })
  }
  new Gauge({
    name: 'quorail_peer_lag_entries',
    help: 'Entries of the leader that a peer has not acknowledged; on the leader only',
    labelNames: ['peer'],
    registers: [registry],
    collect() {
      this.reset()
      const { role, lastIndex, peers } = host.status()
      if (role !== 'leader') return
      for (const { id, matchIndex } of peers) this.set({ peer: id }, lastIndex - matchIndex)
    },
  })
}

type Figure = readonly [
  help: string,
  value: (status: HostStatus, host: NodeHost) => number | undefined,
]

const figures: Readonly<Record<string, Figure>> = {
  ready: [
    '1: takes requests; has a leader, is caught up, its state is the cluster’s',
    (s) => Number(s.ready),
  ],
  leader: ['1: this node leads', (s) => Number(s.role === 'leader')],
  serving_leader: ['1: it leads and takes writes', (_, host) => Number(host.isServingLeader())],
  has_leader: ['1: it knows who leads', (s) => Number(s.leader !== undefined)],
  diverged: [
    '1: its state is not that of a majority, or nobody knows which is right',
    (_, host) => Number(host.divergence() !== undefined),
  ],
  term: ['Raft’s term', (s) => s.term],
  log_first_index: ['The first entry that is still in the log', (s) => s.firstIndex],
  log_last_index: ['The last entry of the log', (s) => s.lastIndex],
  log_size_bytes: ['The log on disk', (s) => s.logSizeBytes],
  commit_index: ['The last entry known to be committed', (s) => s.commitIndex],
  applied_index: ['The last entry in the state in memory', (s) => s.appliedIndex],
  durable_index: ['The last entry durably in SQLite', (s) => s.durableIndex],
  clock_offset_seconds: [
    'This machine’s clock minus the median of the members’; absent while it is not known',
    (s) => (s.clockOffsetMs === undefined ? undefined : s.clockOffsetMs / 1000),
  ],
  feature_level: ['The rules that count in the cluster', (s) => s.featureLevel],
  commands_under_way: ['Commands let in and not answered yet', (_, host) => host.commandsUnderWay],
  accounts: ['Accounts in the state', (_, host) => info(host.state).accounts],
  sessions: ['Sessions in the state', (_, host) => info(host.state).sessions],
  runs: ['Runs in the state', (_, host) => info(host.state).runs],
  bookings: ['Bookings in the state', (_, host) => info(host.state).bookings],
  holds: [
    'Bookings that keep seats until they are paid for, or their time is over',
    (_, host) => info(host.state).holds,
  ],
  payments: ['Payments in the state', (_, host) => info(host.state).payments],
  outbox_rows: [
    'What must still happen outside: authorisations, captures, refunds',
    (_, host) => info(host.state).pendingEffects,
  ],
  remembered_requests: [
    'Requests whose answers are kept',
    (_, host) => info(host.state).rememberedRequests,
  ],
}
