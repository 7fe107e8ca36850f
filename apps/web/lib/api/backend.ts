import { type Client, createClient, type Transport } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import {
  type ClusterTransport,
  createClusterTransport,
  createWatches,
  describeError,
  readStream,
  resolveUnknown,
  type Watches,
} from '@quorail/cluster-client'
import { AssistantService } from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { Addresses } from './addresses'
import { followVisibility } from './follow-visibility'

export interface Clients {
  readonly accounts: Client<typeof AccountService>
  readonly timetable: Client<typeof TimetableService>
  readonly bookings: Client<typeof BookingService>
  readonly payments: Client<typeof PaymentService>
  readonly administration: Client<typeof AdministrationService>
  readonly assistant: Client<typeof AssistantService>
}

/** Everything that speaks to the cluster. It is loaded after the page can be seen and used. */
export interface Backend extends Clients {
  /** To whichever node leads. */
  readonly cluster: ClusterTransport
  /** What changes, told as it changes, by any node. */
  readonly watches: Watches
  /** To one node, for what it says of itself. */
  readonly node: (url: string) => Client<typeof ClusterService>
  readonly describeError: typeof describeError
  readonly resolveUnknown: typeof resolveUnknown
  readonly readStream: typeof readStream
}

export function createBackend({ nodes }: Addresses): Backend {
  const cluster = createClusterTransport({ endpoints: nodes, createTransport })
  const watches = createWatches({ endpoints: nodes, createTransport })
  followVisibility(watches)
  return {
    cluster,
    watches,
    accounts: createClient(AccountService, cluster),
    timetable: createClient(TimetableService, cluster),
    bookings: createClient(BookingService, cluster),
    payments: createClient(PaymentService, cluster),
    administration: createClient(AdministrationService, cluster),
    assistant: createClient(AssistantService, cluster),
    node: (url) => createClient(ClusterService, createTransport(url)),
    describeError,
    resolveUnknown,
    readStream,
  }
}

/** The session's cookie goes along: it is good for all nodes of the site. */
function createTransport(baseUrl: string): Transport {
  return createConnectTransport({
    baseUrl,
    useBinaryFormat: true,
    fetch: (input, init) => fetch(input, { ...init, credentials: 'include' }),
  })
}
