import { createRouterTransport, type Transport } from '@connectrpc/connect'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { readReport } from '../reports/report-queries.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate-database.ts'
import { createBatchWriter } from '../storage/write-batch.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from './memory-host.ts'

const sessionMs = 90 * 86_400_000

/** The services of one node on the demo timetable, without a network. */
export function memoryServices(nowMs: number): { host: MemoryHost; transport: Transport } {
  const host = demoHost(createMemoryHost(nowMs))
  return { host, transport: transportTo({ host }) }
}

/** The same, with its rows in a database, from which it makes its reports. */
export function memoryServicesWithReports(nowMs: number) {
  const sqlite = openDatabase(':memory:')
  migrateDatabase(sqlite)
  const write = createBatchWriter(sqlite)
  const host = demoHost(
    createMemoryHost(nowMs, (changes, appliedIndex, hash) =>
      write({ changes, appliedIndex, stateHash: hash, durable: false }),
    ),
  )
  const reports: ReportReader = {
    read: async (query) => readReport(sqlite, query),
    close: async () => undefined,
  }
  return { host, sqlite, transport: transportTo({ host, reports }), close: () => sqlite.close() }
}

function demoHost(host: MemoryHost): MemoryHost {
  foundMemoryHost(host)
  const nowMs = host.nowMs()
  for (const command of demoCommands({ nowMs, timeZone: 'Europe/Zurich' })) host.run(command)
  return host
}

function transportTo(parts: { host: MemoryHost; reports?: ReportReader }): Transport {
  return createRouterTransport(
    createRoutes({ ...parts, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(parts.host) } },
  )
}

/** A new account with a session: what its calls carry. */
export function loginTo(
  host: MemoryHost,
  email: string,
  role: 'passenger' | 'agent' | 'staff' | 'operator',
) {
  const reply = host.run({
    type: 'registerAccount',
    email,
    displayName: email,
    passwordHash: 'hash',
    role,
  })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: sessionMs })
  return { accountId, headers: { authorization: `Bearer ${token}` } }
}
