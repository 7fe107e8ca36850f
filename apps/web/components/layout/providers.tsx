'use client'

import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import { AccountProvider } from '@/features/account/components/account-provider'
import type { Addresses } from '@/lib/api/addresses'
import { ConnectionProvider } from '@/lib/api/connection'
import { QueryProvider } from '@/lib/api/query-provider'

interface ProvidersProps {
  readonly addresses: Addresses
  readonly nonce: string | undefined
  readonly children: ReactNode
}

export function Providers({ addresses, nonce, children }: ProvidersProps) {
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange {...(nonce && { nonce })}>
      <ConnectionProvider addresses={addresses}>
        <QueryProvider>
          <AccountProvider>{children}</AccountProvider>
        </QueryProvider>
      </ConnectionProvider>
    </ThemeProvider>
  )
}
