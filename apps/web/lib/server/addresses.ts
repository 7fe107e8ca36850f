import { headers } from 'next/headers'
import type { Addresses } from '@/lib/api/addresses'

/** As `npm start` has them, so that `next dev` works beside it without settings. */
const defaultNodes = 'http://localhost:3001,http://localhost:3002,http://localhost:3003'
const defaultPayment = 'http://localhost:3030'

/**
 * Where the nodes and the payment provider are. Read from the environment at each request, never at
 * build time: one build serves any cluster.
 */
export function readAddresses(env: NodeJS.ProcessEnv = process.env): Addresses {
  const nodes = (env.QUORAIL_NODES ?? defaultNodes)
    .split(',')
    .map((address) => origin(address.trim()))
    .filter((address) => address !== undefined)
  return {
    nodes,
    paymentUrl: origin(env.QUORAIL_PAYMENT_URL ?? defaultPayment) ?? defaultPayment,
  }
}

/** Only an http(s) origin gets into the page and into its content security policy. */
function origin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : undefined
}

/** Reading the headers also makes every page dynamic, which nonce and addresses need. */
export async function readNonce(): Promise<string | undefined> {
  return (await headers()).get('x-nonce') ?? undefined
}
