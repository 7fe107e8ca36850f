import { PeerService } from '@quorail/proto/quorail/raft/v1/raft_pb'

/** The one method between peers, as it is written in HTTP/2. */
export const deliverPath = `/${PeerService.typeName}/${PeerService.method.deliver.name}`
export const deliverType = 'application/connect+proto'

/** Names the sender of a stream; what is in the batches is checked by Raft itself. */
export const nodeHeader = 'quorail-node'
