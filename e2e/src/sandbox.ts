import { readFileSync } from 'node:fs'
import type { TestCluster } from '../../tools/testing/cluster.ts'

export interface Charge {
  readonly reference: string
  readonly authorizations: number
  readonly captures: number
  readonly voids: number
  readonly refunds: number
  readonly capturedMinor: number
  readonly refundedMinor: number
}

/** What the payment provider knows, asked as the operator of the railway would. */
export async function charges(cluster: TestCluster): Promise<readonly Charge[]> {
  const response = await fetch(`${cluster.addresses.paymentSandbox}/v1/ledger`, {
    headers: { authorization: `Bearer ${readFileSync(cluster.paymentSecretFile, 'utf8').trim()}` },
  })
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`)
  const { references } = (await response.json()) as { references: readonly Charge[] }
  return references
}

/** What the provider did for one booking; undefined when it never heard of it. */
export async function chargeOf(cluster: TestCluster, bookingId: string) {
  const all = await charges(cluster)
  return all.find((charge) => charge.reference === `booking-${bookingId}`)
}

export async function eventually<T>(
  look: () => Promise<T | undefined>,
  what: string,
  withinMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look().catch(() => undefined)
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
