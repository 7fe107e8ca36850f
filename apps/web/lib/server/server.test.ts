import { describe, expect, it, vi } from 'vitest'
import { readAddresses } from './addresses'
import { contentSecurityPolicy } from './content-security-policy'

vi.mock('next/headers', () => ({ headers: () => Promise.resolve(new Headers()) }))

describe('addresses of this process', () => {
  it('are read from the environment, without anything but origins', () => {
    const env = {
      NODE_ENV: 'production',
      QUORAIL_NODES: ' http://localhost:1/path , ftp://x, nonsense,https://n2.example ',
      QUORAIL_PAYMENT_URL: 'http://localhost:30/',
    } as const
    expect(readAddresses(env)).toEqual({
      nodes: ['http://localhost:1', 'https://n2.example'],
      paymentUrl: 'http://localhost:30',
    })
  })
})

describe('the content security policy', () => {
  const addresses = { nodes: ['http://n1', 'http://n2'], paymentUrl: 'http://pay' }

  it('lets the page talk to the nodes and the provider, and runs scripts by nonce only', () => {
    const policy = contentSecurityPolicy(addresses, 'abc', false)
    expect(policy).toContain("connect-src 'self' http://n1 http://n2 http://pay;")
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';")
    expect(policy).not.toContain('unsafe-eval')
  })
})
