import type { HashCheckpoint } from '../host/hash-verdict.ts'
import type { AskHashes } from '../host/hash-watch.ts'
import { statusAsker } from './ask-status.ts'

/** An answer that takes longer does not count in its round. */
const withinMs = 1_000

/** Asks peers over their client ports for the hashes of their states. */
export function hashAsker(clusterId: () => string): AskHashes {
  const ask = statusAsker({ withCheckpoints: true }, withinMs)
  return (peer, done) => {
    ask(peer, (answer) => {
      const status = answer?.status
      // A node that was left over from another cluster, on the same ports, has other states rightly.
      if (answer === undefined || status === undefined || status.clusterId !== clusterId())
        return done(undefined)
      // An older node has no checkpoints to show, but it has its latest hash.
      const latest = { index: Number(status.hashIndex), stateHash: status.stateHash }
      const plain = (one: (typeof answer.checkpoints)[number]): HashCheckpoint => ({
        index: Number(one.index),
        stateHash: one.stateHash,
      })
      const ofRecords = answer.recordCheckpoints.map(
        (one): HashCheckpoint => ({ ...plain(one), ofRecords: true }),
      )
      done([...answer.checkpoints.map(plain), latest, ...ofRecords])
    })
  }
}
