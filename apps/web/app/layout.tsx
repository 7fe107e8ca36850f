import '@fontsource-variable/inter/opsz.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import type { ReactNode } from 'react'
import { Providers } from '@/components/layout/providers'
import { SiteShell } from '@/components/layout/site-shell'
import { handedOnAddresses, readNonce } from '@/lib/server/addresses'

// The Latin letters are asked for first; the others come by unicode-range when a name needs them.
const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2',
  weight: '100 900',
  display: 'swap',
  variable: '--font-inter',
})

export const metadata: Metadata = {
  title: { default: 'Quorail: a seat that stays yours', template: '%s · Quorail' },
  description:
    'Train tickets on a cluster that does not lose a booking: search, choose your seat, pay once.',
}

export const viewport: Viewport = {
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbf9f3' },
    { media: '(prefers-color-scheme: dark)', color: '#0c1514' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the nonce also makes every page dynamic: the addresses are those of this request.
  const nonce = await readNonce()
  const addresses = await handedOnAddresses()
  return (
    <html lang="en" className={inter.variable} suppressHydrationWarning>
      <body className="min-h-dvh antialiased">
        <Providers addresses={addresses} nonce={nonce}>
          <SiteShell>{children}</SiteShell>
        </Providers>
      </body>
    </html>
  )
}
