import type { Subject } from './harness/subject.ts'

/** Loaded when it is asked for: a subject may need a package that another one runs without. */
export interface ListedSubject {
  readonly summary: string
  load(): Promise<Subject>
}

export const subjects: Readonly<Record<string, ListedSubject>> = {
  raft: {
    summary: 'raft-core: three nodes in one process over memory; core, runtime, reads, codec',
    load: async () => (await import('./raft/subject.ts')).raftSubject,
  },
  window: {
    summary: 'messages under way to a follower, 1 to 64, on slow and fast disks (virtual time)',
    load: async () => (await import('./raft/window.ts')).windowSubject,
  },
  wal: {
    summary: 'the write-ahead log against a bare write+fdatasync loop on the same disk',
    load: async () => (await import('./wal/subject.ts')).walSubject,
  },
  fsm: {
    summary: 'booking-fsm: holds and sales on 1,000 runs, loading a large book, memory',
    load: async () => (await import('./fsm/subject.ts')).fsmSubject,
  },
  search: {
    summary: 'connections with up to two changes on a GTFS feed, alternatives, stations by name',
    load: async () => (await import('./search/subject.ts')).searchSubject,
  },
  day: {
    summary: 'a day of searches and bookings on a GTFS feed, every booking checked from its rows',
    load: async () => (await import('./day/subject.ts')).daySubject,
  },
  cluster: {
    summary: 'three nodes as processes on a disk, against etcd, PostgreSQL and empty ports of ours',
    load: async () => (await import('./cluster/subject.ts')).clusterSubject,
  },
  failover: {
    summary:
      'how long nobody sells when the leader is killed, paused or cut off; elections in peace',
    load: async () => (await import('./failover/subject.ts')).failoverSubject,
  },
  restart: {
    summary:
      'a node with a million bookings is killed and started: until it serves, and its memory',
    load: async () => (await import('./restart/subject.ts')).restartSubject,
  },
  snapshot: {
    summary: 'a new node is sent a state of a million bookings while holds go on',
    load: async () => (await import('./snapshot/subject.ts')).snapshotSubject,
  },
  size: {
    summary: 'what raft-core weighs: installed, and as a bundle of each of its doors',
    load: async () => (await import('./size.ts')).sizeSubject,
  },
}
