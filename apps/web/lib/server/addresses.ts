import { headers } from 'next/headers'
import type { Addresses } from '@/lib/api/addresses'
import { httpOrigin, MemberAddresses } from './member-addresses'

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
    .map((address) => httpOrigin(address.trim()))
    .filter((address) => address !== undefined)
  return {
    nodes,
    paymentUrl: httpOrigin(env.QUORAIL_PAYMENT_URL ?? defaultPayment) ?? defaultPayment,
  }
}

const members = new MemberAddresses()
const nodesHeader = 'x-quorail-nodes'

/** What the page may talk to, now: also nodes that joined the cluster since this process was started. */
export function currentAddresses(): Addresses {
  const { nodes, paymentUrl } = readAddresses()
  return { nodes: members.with(nodes), paymentUrl }
}

/** Hands them on to the page of this request, so that it and its policy name the same nodes. */
export function handOn(headers: Headers, { nodes }: Addresses): void {
  headers.set(nodesHeader, nodes.join(','))
}

export async function handedOnAddresses(): Promise<Addresses> {
  const handedOn = (await headers()).get(nodesHeader)
  const { nodes, paymentUrl } = readAddresses()
  return { nodes: handedOn === null ? nodes : handedOn.split(','), paymentUrl }
}

/** Reading the headers also makes every page dynamic, which nonce and addresses need. */
export async function readNonce(): Promise<string | undefined> {
  return (await headers()).get('x-nonce') ?? undefined
}
