import { readFileSync } from 'node:fs'
import type { TestCluster } from '../../tools/testing/cluster.ts'
import { eventually } from '../../tools/testing/eventually.ts'

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

/** What the provider did for one booking, as soon as that is what is waited for. */
export const chargeOnce = (
  cluster: TestCluster,
  bookingId: string,
  what: Partial<Charge>,
): Promise<Charge> =>
  eventually(async () => {
    const found = await chargeOf(cluster, bookingId)
    const isThere = Object.entries(what).every(
      ([key, value]) => found?.[key as keyof Charge] === value,
    )
    if (found === undefined || !isThere)
      throw new Error(`${JSON.stringify(what)}: not yet, but ${JSON.stringify(found)}`)
    return found
  })
