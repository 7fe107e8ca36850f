import { type NextRequest, NextResponse } from 'next/server'
import { currentAddresses, handOn } from '@/lib/server/addresses'
import { contentSecurityPolicy } from '@/lib/server/content-security-policy'

/** Gives each page its own nonce, and names in its policy whom it may talk to. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const development = process.env.NODE_ENV === 'development'
  const addresses = currentAddresses()
  const policy = contentSecurityPolicy(addresses, nonce, development)

  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  handOn(headers, addresses)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  matcher: ['/((?!_next/static|_next/image|icon.svg).*)'],
}
