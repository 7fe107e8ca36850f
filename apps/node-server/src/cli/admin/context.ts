import { readFileSync } from 'node:fs'
import { type Client, createClient, type Transport } from '@connectrpc/connect'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdminService } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { SecondFactorService } from '@quorail/proto/quorail/booking/v1/second_factor_service_pb'
import { membersOf } from '../default-cluster.ts'
import { parseWords } from '../parse-words.ts'
import { type Credentials, codeOfEnvironment, loginOf, staffTransport } from '../staff-transport.ts'
import { UsageError } from '../usage-error.ts'

/** What every action is given. */
export interface AdminContext {
  readonly admin: Client<typeof AdminService>
  readonly accounts: Client<typeof AccountService>
  readonly administration: Client<typeof AdministrationService>
  readonly factors: Client<typeof SecondFactorService>
  /** Of whoever is logged in, where it is asked for once more. */
  readonly password: () => string
  readonly options: AdminOptions
  /** Undefined: as many as the service gives by itself. */
  readonly limit: number
}
export type AdminOptions = ReturnType<typeof parseAdmin>['values']

export function parseAdmin(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      'email-as': { type: 'string' },
      login: { type: 'string' },
      data: { type: 'string', default: '.quorail' },
      email: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      state: { type: 'string' },
      at: { type: 'string' },
      past: { type: 'boolean', default: false },
      from: { type: 'string' },
      to: { type: 'string' },
      train: { type: 'string' },
      added: { type: 'string' },
      removed: { type: 'string' },
      zone: { type: 'string' },
      end: { type: 'boolean', default: false },
      limit: { type: 'string' },
      page: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}

/** Nobody is called before an action has understood what it is asked. */
export function openAdmin(options: AdminOptions): AdminContext {
  const limit = Number(options.limit ?? 0)
  if (!Number.isInteger(limit) || limit < 0)
    throw new UsageError('--limit must be a whole number above 0.')
  const endpoints = membersOf(options.cluster).map(({ clientUrl }) => clientUrl)
  const credentials = credentialsOf(options)
  const transport: Transport = staffTransport(endpoints, credentials)
  return {
    admin: createClient(AdminService, transport),
    accounts: createClient(AccountService, transport),
    administration: createClient(AdministrationService, transport),
    factors: createClient(SecondFactorService, transport),
    password: () => {
      const password = 'token' in credentials ? process.env.QUORAIL_PASSWORD : credentials.password
      if (password === undefined)
        throw new UsageError('Set QUORAIL_PASSWORD: this asks for it again.')
      return password
    },
    options,
    limit,
  }
}

/** The first of the ways to log in that is there. */
export function credentialsOf(
  { 'email-as': email, login, data }: Pick<AdminOptions, 'email-as' | 'login' | 'data'>,
  who: 'staff' | 'operator' = 'staff',
): Credentials {
  const token = process.env.QUORAIL_TOKEN
  if (token !== undefined && token !== '') return { token }
  const code = codeOfEnvironment()
  return { ...(login === undefined ? loginOf(email, data, who) : loginOfFile(login)), code }
}

/** Its text is not quoted in what is said of it: there is a password in it. */
function loginOfFile(file: string): { readonly email: string; readonly password: string } {
  let read: { readonly email?: unknown; readonly password?: unknown } = {}
  try {
    read = (JSON.parse(readFileSync(file, 'utf8')) as object | null) ?? {}
  } catch {
    // Said below.
  }
  const { email, password } = read
  if (typeof email === 'string' && typeof password === 'string') return { email, password }
  throw new UsageError(`${file} names nobody; it looks like {"email": "…", "password": "…"}`)
}
