/** What a node says of itself when it opens a stream to a peer: headers, beside its name. */
import type { IncomingHttpHeaders } from 'node:http2'
import type { Lane } from '@quorail/raft-core'
import { refusal } from './peer-refusals.ts'

/**
 * Of what is sent. It is raised only when a node that knows the version before could not understand it; what can be
 * left out is a header more.
 */
export const wireVersion = 1

export interface Hello {
  readonly lane: Lane
  /** 0: an earlier version, which says nothing but its name and knows of no lanes. */
  readonly wire: number
}

const wireHeader = 'quorail-wire'
const laneHeader = 'quorail-lane'

export function helloHeaders(lane: Lane): Readonly<Record<string, string>> {
  return { [wireHeader]: String(wireVersion), [laneHeader]: lane }
}

/** Throws a `PeerRefusal` for what this node does not know. */
export function readHello(headers: IncomingHttpHeaders): Hello {
  const [wire, lane] = [headers[wireHeader], headers[laneHeader]]
  if (wire === undefined) return { wire: 0, lane: 'normal' }
  if (wire !== String(wireVersion))
    throw refusal('PEER_UNKNOWN_VERSION', `it speaks ${wire}, this node ${wireVersion}`)
  if (lane !== 'normal' && lane !== 'bulk')
    throw refusal('PEER_UNKNOWN_VERSION', `a lane that this node does not know: ${lane}`)
  return { wire: wireVersion, lane }
}
