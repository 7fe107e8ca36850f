import { expect } from 'vitest'
import type { TestCluster } from '../../../tools/testing/cluster.ts'
import { eventually } from './waiting.ts'

/** What a node said to one unary call of the AccountService, as JSON over HTTP/1.1. */
export interface Answer {
  readonly status: number
  readonly ms: number
  readonly body: {
    readonly code?: string
    readonly account?: { readonly accountId: string }
    readonly details?: readonly { readonly type: string; readonly debug?: unknown }[]
  }
}

export interface Person {
  readonly requestId: string
  readonly email: string
  readonly password: string
  readonly displayName: string
}

export async function call(address: string, method: string, request: object): Promise<Answer> {
  const startedAt = performance.now()
  const response = await fetch(`${address}/quorail.booking.v1.AccountService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  const body = (await response.json()) as Answer['body']
  return { status: response.status, ms: performance.now() - startedAt, body }
}

/** Asks the leader, as a client does: led on and asked again while the cluster has no answer yet. */
export async function callLeader(
  cluster: TestCluster,
  method: string,
  request: object,
): Promise<Answer> {
  return eventually(async () => {
    const { address } = await cluster.leader()
    const answer = await call(address, method, request)
    // Without a leader just now, or gone with the one that was asked: the same request settles it.
    if (['unavailable', 'aborted'].includes(answer.body.code ?? ''))
      throw new Error(JSON.stringify(answer.body))
    return answer
  })
}

let people = 0
export function somebody(): Person {
  people += 1
  return {
    requestId: `request-${people}`,
    email: `p${people}@example.org`,
    password: 'correct horse',
    displayName: 'P',
  }
}

/** A write that is certainly made: sent again under its own request id until it is answered. */
export async function register(cluster: TestCluster, person = somebody()): Promise<Person> {
  const answer = await callLeader(cluster, 'Register', person)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return person
}
