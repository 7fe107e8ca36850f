'use client'

import type { DescService } from '@bufbuild/protobuf'
import { type Client, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import { type ClusterTransport, createClusterTransport } from '@quorail/cluster-client'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import type { Addresses } from './addresses'

export interface Connection {
  readonly addresses: Addresses
  /** To whichever node leads. */
  readonly cluster: ClusterTransport
}

const ConnectionContext = createContext<Connection | undefined>(undefined)

/** To one node, with the session's cookie. */
export function createNodeTransport(baseUrl: string) {
  return createConnectTransport({
    baseUrl,
    useBinaryFormat: true,
    fetch: (input, init) => fetch(input, { ...init, credentials: 'include' }),
  })
}

export function ConnectionProvider(props: { addresses: Addresses; children: ReactNode }) {
  const { addresses, children } = props
  const [connection] = useState<Connection>(() => ({
    addresses,
    cluster: createClusterTransport({
      endpoints: addresses.nodes,
      createTransport: createNodeTransport,
    }),
  }))
  return <ConnectionContext value={connection}>{children}</ConnectionContext>
}

export function useConnection(): Connection {
  const connection = use(ConnectionContext)
  if (connection === undefined) throw new Error('useConnection needs a ConnectionProvider')
  return connection
}

/** A client of one service; each page pays only for the schemas it uses. */
export function useClient<Service extends DescService>(service: Service): Client<Service> {
  const { cluster } = useConnection()
  return useMemo(() => createClient(service, cluster), [service, cluster])
}
