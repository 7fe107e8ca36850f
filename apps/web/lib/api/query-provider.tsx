'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { describe } from './problem'

/**
 * Reads keep trying while no node answers or none leads: the page recovers by itself. A definite
 * refusal is shown at once. Writes are never repeated here; cluster-client knows how.
 */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 2_000,
        retry: (_count, error) => describe(error).retryable,
        retryDelay: (count) => Math.min(3_000, 500 * 2 ** count),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
