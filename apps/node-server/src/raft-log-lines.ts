import type { RaftEvent } from '@quorail/raft-core'
import type { Logger } from './log.ts'

/** What Raft reports, as lines of the node's log. */
export function observeRaft(log: Logger): (event: RaftEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'failed':
        return log.error({ error: event.error.message }, 'the node has failed')
      case 'quorumLost':
      case 'storageStalled':
      case 'batchDropped':
        return log.warn({ raft: event }, event.type)
      case 'peerSetApart':
        return log.error(
          { raft: event },
          'a peer has lost its log and is set apart: its votes do not count',
        )
      default:
        return log.info({ raft: event }, event.type)
    }
  }
}
