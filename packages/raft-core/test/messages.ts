/** Messages as a test wants them: what does not matter has a default. */
import { makeEntry } from '../src/codec/entry.ts'
import type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  RequestVote,
  RequestVoteReply,
  TimeoutNow,
} from '../src/types.ts'
import { bytes, CoreHost } from './core-cluster.ts'

const HEADER = { from: 'n2', to: 'n1', term: 1 } as const

export const requestVote = (fields: Partial<RequestVote> = {}): RequestVote => ({
  ...HEADER,
  type: 'requestVote',
  preVote: false,
  lastLogIndex: 0,
  lastLogTerm: 0,
  transfer: false,
  ...fields,
})

export const voteReply = (fields: Partial<RequestVoteReply> = {}): RequestVoteReply => ({
  ...HEADER,
  type: 'requestVoteReply',
  preVote: false,
  granted: true,
  ...fields,
})

export const append = (fields: Partial<AppendEntries> = {}): AppendEntries => ({
  ...HEADER,
  type: 'appendEntries',
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
  readSequence: 0,
  ...fields,
})

export const appendReply = (fields: Partial<AppendEntriesReply> = {}): AppendEntriesReply => ({
  ...HEADER,
  type: 'appendEntriesReply',
  success: true,
  matchIndex: 0,
  hintIndex: 0,
  hintTerm: 0,
  readSequence: 0,
  ...fields,
})

export const timeoutNow = (fields: Partial<TimeoutNow> = {}): TimeoutNow => ({
  ...HEADER,
  type: 'timeoutNow',
  ...fields,
})

/** Entries from `first` on, one for each term. */
export const entries = (first: number, ...terms: number[]): Entry[] =>
  terms.map((term, i) => makeEntry(first + i, term, 'command', bytes(`${first + i}.${term}`)))

export const terms = (host: CoreHost): number[] => host.disk.entries.map(({ term }) => term)

export const MEMBERS = ['n1', 'n2', 'n3']

/** n1 of three, with a log of these terms, in `term`. */
export function hostWith(logTerms: number[], term: number, votedFor?: string): CoreHost {
  const host = new CoreHost('n1', MEMBERS)
  host.disk.entries = entries(1, ...logTerms)
  host.disk.hardState = { term, votedFor, commitIndex: 0 }
  host.restart()
  return host
}

/** n1 as leader of `term + 1`, over a log of these terms; its noop is durable, nobody else has it. */
export function leaderWith(logTerms: number[], term: number): CoreHost {
  const host = hostWith(logTerms, term)
  host.step({ type: 'campaign' })
  host.step({ type: 'message', message: voteReply({ preVote: true, term: term + 1 }) })
  host.step({ type: 'message', message: voteReply({ term: term + 1 }) })
  if (host.core.role !== 'leader') throw new Error('did not win')
  host.takeSent()
  return host
}

export function receive(host: CoreHost, ...messages: Parameters<typeof step>[1][]): void {
  for (const message of messages) step(host, message)
}

function step(
  host: CoreHost,
  message: AppendEntries | AppendEntriesReply | RequestVote | RequestVoteReply | TimeoutNow,
): void {
  host.step({ type: 'message', message })
}
