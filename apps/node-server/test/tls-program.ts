/**
 * A program of somebody's, as a process of its own: it calls a cluster over TLS by `cluster-client`, in every way that
 * there is, and believes whom its environment names. Says what it saw as one line of JSON.
 */
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import {
  createClusterTransport,
  createWatches,
  describeError,
  openCommandStream,
} from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'

interface Given {
  readonly nodes: readonly string[]
  readonly login: { readonly email: string; readonly password: string }
  /** The web app's server asks the nodes by this one. */
  readonly memberAddresses: string
}

const given = JSON.parse(process.argv[2] ?? '') as Given
try {
  process.stdout.write(`${JSON.stringify(await calls(given))}\n`)
  process.exit(0)
} catch (error) {
  process.stdout.write(`${JSON.stringify({ code: describeError(error).code })}\n`)
  process.exit(1)
}

async function calls({ nodes, login, memberAddresses }: Given) {
  const transport = createClusterTransport({
    endpoints: nodes,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  })
  const { sessionToken } = await createClient(AccountService, transport).logIn(login)
  const stream = openCommandStream({
    endpoints: nodes,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '2' }),
    header: { authorization: `Bearer ${sessionToken}` },
  })
  const { listBookings } = BookingService.method
  const answers = await Promise.all(Array.from({ length: 20 }, () => stream.call(listBookings, {})))
  await stream.close()
  const { MemberAddresses } = await import(memberAddresses)
  const members = new MemberAddresses()
  await members.ask(nodes.slice(0, 1))
  return {
    streamed: answers.length,
    watched: await watched(nodes),
    members: members.with([]),
  }
}

/** A stream of events from any of them, over HTTP/2. */
function watched(nodes: readonly string[]): Promise<boolean> {
  const watches = createWatches({
    endpoints: nodes,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '2' }),
  })
  return new Promise((resolve) => {
    watches.node(({ value, isLive }) => {
      if (value === undefined || !isLive) return
      resolve(true)
      watches.close()
    })
  })
}
