/** What a node says of itself when it opens a stream to a peer: headers, beside its name. */
import type { IncomingHttpHeaders } from 'node:http2'
import type { Lane } from '@quorail/raft-core'
import type { PeerSelf } from '../host/types.ts'
import { type PeerRefusal, refusal } from './peer-refusals.ts'

/**
 * Of what is sent. It is raised only when a node that knows the version before could not understand it; what can be
 * left out is a header more.
 */
export const wireVersion = 1

export interface Hello {
  readonly lane: Lane
  /** 0: an earlier version, which says nothing but its name and knows of no lanes. */
  readonly wire: number
  /** undefined: it does not know whose it is, or is of an earlier version. */
  readonly clusterId: string | undefined
  readonly incarnation: string | undefined
  readonly configIndex: number
}

const wireHeader = 'quorail-wire'
const laneHeader = 'quorail-lane'
const clusterHeader = 'quorail-cluster'
const incarnationHeader = 'quorail-incarnation'
const configHeader = 'quorail-config'

export function helloHeaders(lane: Lane, self?: PeerSelf): Readonly<Record<string, string>> {
  const { clusterId = '', incarnation, configIndex = 0 } = self ?? {}
  return {
    [wireHeader]: String(wireVersion),
    [laneHeader]: lane,
    ...(clusterId !== '' && { [clusterHeader]: clusterId }),
    ...(incarnation !== undefined && { [incarnationHeader]: incarnation }),
    ...(configIndex > 0 && { [configHeader]: String(configIndex) }),
  }
}

/** Throws a `PeerRefusal` for what this node does not know. */
export function readHello(headers: IncomingHttpHeaders): Hello {
  const said = (name: string): string | undefined => headers[name]?.toString()
  const [wire, lane] = [said(wireHeader), said(laneHeader)]
  const identity = {
    clusterId: said(clusterHeader),
    incarnation: said(incarnationHeader),
    configIndex: Number(said(configHeader) ?? 0),
  }
  if (wire === undefined) return { ...identity, wire: 0, lane: 'normal' }
  if (wire !== String(wireVersion))
    throw refusal('PEER_UNKNOWN_VERSION', `it speaks ${shown(wire)}, this node ${wireVersion}`)
  if (lane !== 'normal' && lane !== 'bulk')
    throw refusal('PEER_UNKNOWN_VERSION', `a lane that this node does not know: ${shown(lane)}`)
  return { ...identity, wire: wireVersion, lane }
}

/** Why the node `from` is not heard, by what it says of itself; undefined: it is. */
export function judgeHello(from: string, hello: Hello, self: PeerSelf): PeerRefusal | undefined {
  const { clusterId, incarnation } = hello
  if (clusterId !== undefined && self.clusterId !== '' && clusterId !== self.clusterId)
    return refusal(
      'PEER_OTHER_CLUSTER',
      `it is of ${shown(clusterId)}, this node of ${self.clusterId}`,
    )
  const apart = self.apart.find(({ id }) => id === from)
  if (apart === undefined || apart.incarnation !== incarnation) return undefined
  // It knows of a later change than this node: perhaps it was removed and added again, and leads now.
  if (hello.configIndex > self.configIndex) return undefined
  return refusal('PEER_SET_APART', `its life ${incarnation}`)
}

/** Anybody may have said it. */
function shown(value = 'nothing'): string {
  return value.slice(0, 64)
}
