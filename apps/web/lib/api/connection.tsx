'use client'

import type { ClusterState } from '@quorail/cluster-client'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import type { Addresses } from './addresses'
import type { Backend, Clients } from './backend'
import { CallError } from './problem'

export interface Connection {
  readonly addresses: Addresses
  readonly backend: () => Promise<Backend>
  /** Unary calls only, with errors in words; what streams takes `backend`. */
  readonly clients: Clients
  readonly state: () => ClusterState
  readonly subscribe: (listener: () => void) => () => void
}

const ConnectionContext = createContext<Connection | undefined>(undefined)

export function ConnectionProvider(props: { addresses: Addresses; children: ReactNode }) {
  const { addresses, children } = props
  const [connection] = useState(() => openConnection(addresses))
  // Asked for at once: what the page shows next comes through it.
  useEffect(() => {
    connection.backend().catch(() => undefined)
  }, [connection])
  return <ConnectionContext value={connection}>{children}</ConnectionContext>
}

export function useConnection(): Connection {
  const connection = use(ConnectionContext)
  if (connection === undefined) throw new Error('useConnection needs a ConnectionProvider')
  return connection
}

export function useClient<Name extends keyof Clients>(name: Name): Clients[Name] {
  return useConnection().clients[name]
}

const nothingKnown: ClusterState = { leaderUrl: undefined, reachability: 'unknown', term: 0n }

function openConnection(addresses: Addresses): Connection {
  let loading: Promise<Backend> | undefined
  let loaded: Backend | undefined
  const backend = () => {
    loading ??= load(addresses).then(
      (made) => {
        loaded = made
        return made
      },
      (error: unknown) => {
        loading = undefined // The next call tries again.
        throw error
      },
    )
    return loading
  }
  return {
    addresses,
    backend,
    clients: lazyClients(backend),
    state: () => loaded?.cluster.state() ?? nothingKnown,
    subscribe: (listener) => {
      let end: (() => void) | undefined
      let ended = false
      const follow = ({ cluster }: Backend) => {
        if (ended) return
        end = cluster.subscribe(listener)
        listener()
      }
      backend().then(follow, () => undefined)
      return () => {
        ended = true
        end?.()
      }
    },
  }
}

async function load(addresses: Addresses): Promise<Backend> {
  const { createBackend } = await import('./backend')
  return createBackend(addresses)
}

type AnyCall = (...args: unknown[]) => Promise<unknown>

/** Clients that look like Connect's and load them with the first call. */
function lazyClients(backend: () => Promise<Backend>): Clients {
  const client = (name: keyof Clients) =>
    new Proxy({} as Record<string, AnyCall>, {
      get: (methods, method: string) => {
        methods[method] ??= async (...args) => {
          const made = await backend()
          try {
            return await (made[name] as unknown as Record<string, AnyCall>)[method]?.(...args)
          } catch (error) {
            throw new CallError(made.describeError(error), error)
          }
        }
        return methods[method]
      },
    })
  return {
    accounts: client('accounts'),
    timetable: client('timetable'),
    bookings: client('bookings'),
    payments: client('payments'),
    administration: client('administration'),
    assistant: client('assistant'),
  } as unknown as Clients
}
