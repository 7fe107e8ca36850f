import { create } from '@bufbuild/protobuf'
import { type NodeStatus, NodeStatusSchema } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { isStaff } from '../auth/principal.ts'
import { notAllowed } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { statusMessage } from '../services/cluster-service.ts'
import { type EncodedBody, encodeBody } from './encoded-body.ts'
import { fingerprintOf, sameBytes } from './fingerprint.ts'
import type { Look, Subject } from './subject.ts'
import { ofNode } from './touched.ts'

/** What this node says of itself: to everybody who leads and whether it serves, to staff how far everybody is. */
export function watchNode(host: NodeHost, detailed: boolean): Subject {
  let encoded: EncodedBody | undefined
  return {
    name: detailed ? 'node in detail' : 'node',
    madeOf: [ofNode],
    gapMs: detailed ? 1_000 : 100,
    tellsTime: false,
    admit(principal) {
      if (detailed && !isStaff(principal?.account.role)) throw notAllowed('staff')
    },
    shrink: () => undefined,
    whole: () => encoded,
    look(): Look {
      const next = read(host, detailed)
      if (encoded !== undefined && sameBytes(encoded.data, next.data)) return { type: 'same' }
      encoded = next
      return { type: 'changed', fingerprint: fingerprintOf(next.data), change: next }
    },
  }
}

/** Without clocks: they would be a change each time. A frame has the node's. */
function read(host: NodeHost, detailed: boolean): EncodedBody {
  const { now, wallClock, ...status } = statusMessage(host)
  return encodeBody(
    'node',
    NodeStatusSchema,
    create(NodeStatusSchema, detailed ? status : publicStatus(status)),
  )
}

type Timeless = Omit<NodeStatus, 'now' | 'wallClock'>

function publicStatus(status: Timeless) {
  const { id, address, role, term, leaderId, leaderUrl, ready, clusterId, members } = status
  return { id, address, role, term, leaderId, leaderUrl, ready, clusterId, members }
}
