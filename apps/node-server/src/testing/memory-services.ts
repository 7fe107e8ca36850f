import { createRouterTransport, type Transport } from '@connectrpc/connect'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from './memory-host.ts'

const sessionMs = 30 * 86_400_000

/** The services of one node on the demo timetable, without a network. */
export function memoryServices(nowMs: number): { host: MemoryHost; transport: Transport } {
  const host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone: 'Europe/Zurich' })) host.run(command)
  const transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(host) } },
  )
  return { host, transport }
}

/** A new account with a session: what its calls carry. */
export function loginTo(host: MemoryHost, email: string, role: 'passenger' | 'agent' | 'staff') {
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
  return { headers: { authorization: `Bearer ${token}` } }
}
