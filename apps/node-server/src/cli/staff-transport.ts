/** Commands that call the nodes as somebody: how they log in, and a transport that carries the session. */
import { readFileSync } from 'node:fs'
import { createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { UsageError } from './usage-error.ts'

export interface Login {
  readonly email: string
  readonly password: string
}

/** A session that there is, or a login for a new one. */
export type Credentials = { readonly token: string } | (Login & { readonly code: string })

/** Of an account whose password the environment has, or of the demo's staff or operator. */
export function loginOf(
  email: string | undefined,
  dataFolder: string,
  who: 'staff' | 'operator' = 'staff',
): Login {
  if (email !== undefined) {
    const password = process.env.QUORAIL_PASSWORD
    if (password === undefined)
      throw new UsageError('Set QUORAIL_PASSWORD to the password of the account.')
    return { email, password }
  }
  const file = `${dataFolder}/demo.json`
  try {
    const logins = JSON.parse(readFileSync(file, 'utf8')) as { staff: Login; operator?: Login }
    return (who === 'operator' ? logins.operator : undefined) ?? logins.staff
  } catch {
    throw new UsageError(
      `There is no demo login in ${file}. Say --data DIR, or an account with QUORAIL_PASSWORD.`,
    )
  }
}

/** What the device shows, for an account with a second factor. */
export const codeOfEnvironment = (): string => process.env.QUORAIL_CODE ?? ''

/** Calls by it are made in a session that is opened with the first one, unless there is one. */
export function staffTransport(
  endpoints: readonly string[],
  credentials: Credentials,
  /** Where to log in, if that is not where the calls go. */
  loginAt = endpoints,
): Transport {
  let token: Promise<string> | undefined
  const authorise: Interceptor = (next) => async (request) => {
    token ??=
      'token' in credentials ? Promise.resolve(credentials.token) : logIn(loginAt, credentials)
    request.header.set('authorization', `Bearer ${await token}`)
    return next(request)
  }
  return transportTo(endpoints, [authorise])
}

async function logIn(
  endpoints: readonly string[],
  login: Login & { readonly code: string },
): Promise<string> {
  return (await createClient(AccountService, transportTo(endpoints)).logIn(login)).sessionToken
}

const transportTo = (endpoints: readonly string[], interceptors: Interceptor[] = []) =>
  createClusterTransport({
    endpoints,
    followMembers: true,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors }),
  })
