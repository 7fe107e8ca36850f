/** Messages, logs and a core to give them to, as a test of the core wants them. */
import { makeEntry } from '../src/codec/entry.ts'
import type { Entry, Message } from '../src/types.ts'
import { bytes, CoreHost } from './core-cluster.ts'
import { MEMBERS, voteReply } from './message-defaults.ts'

export * from './message-defaults.ts'

/** Entries from `first` on, one for each term. */
export const entries = (first: number, ...terms: number[]): Entry[] =>
  terms.map((term, i) => makeEntry(first + i, term, 'command', bytes(`${first + i}.${term}`)))

export const terms = (host: CoreHost): number[] => host.disk.entries.map(({ term }) => term)

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

export function receive(host: CoreHost, ...messages: readonly Message[]): void {
  for (const message of messages) host.step({ type: 'message', message })
}
