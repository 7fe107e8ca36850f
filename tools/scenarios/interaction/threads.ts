/**
 * etcd's asynchronous mode: a Ready has messages to an append thread and an apply thread, which name
 * what they answer when they are done.
 */
import type { Entry, SnapshotMark } from '../raft-core.ts'
import type { Ready } from './describe.ts'
import { type WireMessage, wire } from './wire.ts'

/** Work for one of the threads. */
export interface Work {
  readonly message: WireMessage
  readonly ready: Ready
  /** Which of the node's appends it is, or goes with. */
  readonly append: number
}

/** Is there anything to write, or to answer once everything before is written? */
export function hasAppendWork(ready: Ready, afterAppend: readonly WireMessage[]): boolean {
  const { entries, hardState, snapshot } = ready
  return (
    entries.length > 0 ||
    hardState !== undefined ||
    snapshot !== undefined ||
    afterAppend.length > 0
  )
}

export function appendWork(
  node: number,
  ready: Ready,
  responses: readonly WireMessage[],
  append: number,
): Work {
  const { entries, hardState, snapshot } = ready
  const way = { type: 'MsgStorageAppend', from: node, to: 'AppendThread' } as const
  return {
    message: wire({ ...way, ...hardState, entries, snapshot, responses }),
    ready,
    append,
  }
}

export function applyWork(node: number, ready: Ready, append: number): Work {
  const entries = ready.committed
  const answer = wire({
    type: 'MsgStorageApplyResp',
    from: 'ApplyThread',
    to: node,
    entries,
  })
  const way = { type: 'MsgStorageApply', from: node, to: 'ApplyThread' } as const
  return { message: wire({ ...way, entries, responses: [answer] }), ready, append }
}

/** The disk has everything up to `last`, or up to the snapshot. */
export function appendAnswer(
  node: number,
  term: number,
  last: Entry | undefined,
  snapshot: SnapshotMark | undefined,
  append: number,
): WireMessage {
  return wire({
    type: 'MsgStorageAppendResp',
    from: 'AppendThread',
    to: node,
    term,
    index: last?.index ?? 0,
    logTerm: last?.term ?? 0,
    snapshot,
    append,
  })
}
