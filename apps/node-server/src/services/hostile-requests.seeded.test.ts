/**
 * Every RPC of the schema, called by everybody with messages made from it: all of them succeed or fail with an error
 * for people, and behind them the state is whole. Nothing here knows any service: a new one is called as well.
 */
import type { DescMethod, DescMethodUnary, DescService, Message } from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { getStation, ledgerReport, loadState, rowsOf, stateHash } from '@quorail/booking-fsm'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { type Draw, drawFrom, type Known, messageFor } from '../testing/hostile-messages.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney, settleEffects, soldBooking } from '../testing/sold-booking.ts'
import { createRoutes } from './index.ts'

const seed = Number(process.env.QUORAIL_SEED)
const worlds = process.env.CI === undefined ? 1 : 10
const nowMs = Date.UTC(2026, 10, 30, 8)

/** Those hash a password, which takes long on purpose. */
const slow = /^(Register|LogIn|ChangePassword|ResetPassword)/

/** Few leave, and few trains and fares are taken away: all that comes after them would be refused alike. */
const endsMuch =
  /^(LogOut|DeleteAccount|SetAccountOpen|SetSecondFactorRule|CancelRun|CloseChart|SetTariff)$/

test(`every RPC answers hostile messages for people, and the state stays whole (seed ${seed})`, async () => {
  const draw = drawFrom(seed)
  const codes = new Map<string, number>()
  for (let world = 0; world < worlds; world++) await playWorld(draw, codes)
  // Everything refused at the first door would prove nothing.
  const calls = [...codes.values()].reduce((sum, count) => sum + count)
  for (const code of ['ok', 'InvalidArgument', 'NotFound', 'FailedPrecondition']) {
    expect(codes.get(code) ?? 0, `${code} of ${calls}`).toBeGreaterThan(calls / 100)
  }
})

/** Staff may change all rules, and what is sold under them: so each world lasts some rounds only. */
async function playWorld(draw: Draw, codes: Map<string, number>): Promise<void> {
  const { host, transport, close } = memoryServicesWithReports(nowMs)
  const { logins, known } = people(host)
  for (let round = 0; round < 5; round++) {
    const callers = [...logins.map((login) => login()), {}]
    for (const [service, method] of unaryCalls(round)) {
      if (endsMuch.test(method.name) && draw(8) > 0) continue
      const making = { draw, hostility: [0, 0, 3, 30][draw(4)] ?? 0, known }
      const headers = callers[draw(callers.length)] ?? {}
      const code = await call(transport, service, method, messageFor(method.input, making), headers)
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (draw(4) === 0) host.advance(draw(60_000))
    }
    settleEffects(host)
  }
  expect(stateHash(loadState(rowsOf(host.state)))).toBe(stateHash(host.state))
  expect(ledgerReport(host.state, 0, Number.MAX_SAFE_INTEGER).orphans).toEqual([])
  close()
}

type Headers = Readonly<Record<string, string>>

/** Two passengers with tickets, staff and an operator. */
function people(host: MemoryHost): { logins: (() => Headers)[]; known: Known } {
  const ann = loginTo(host, 'ann@example.org', 'passenger').accountId
  const ben = loginTo(host, 'ben@example.org', 'passenger').accountId
  const staff = loginTo(host, 'staff@example.org', 'staff').accountId
  const operator = loginTo(host, 'operator@example.org', 'operator').accountId
  const { runId, fromStationId, toStationId, classes } = demoJourney(host)
  const codeOf = (id: number) => getStation(host.state, id)?.code ?? ''
  return {
    logins: [ann, ann, ben, staff, staff, operator].map((id) => () => sessionOf(host, id)),
    known: {
      booking_id: [soldBooking(host, ann), soldBooking(host, ann), soldBooking(host, ben, ['Ben'])],
      run_id: [runId],
      account_id: [ann, ben],
      class_code: classes.map(({ classCode }) => classCode),
      from_code: [codeOf(fromStationId)],
      to_code: [codeOf(toStationId)],
      from_stop: [0],
      to_stop: [1, 2],
      passenger_type: ['', '', 'child'],
      payment_token: ['tok_visa'],
      hold_seconds: [600],
      passenger_types: ['', '', 'child'],
    },
  }
}

/** Refused where the account is closed: then the caller is nobody. */
function sessionOf(host: MemoryHost, accountId: number): Headers {
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 86_400_000 })
  return { authorization: `Bearer ${token}` }
}

/** A password is hashed once in a world. */
function unaryCalls(round: number): [DescService, DescMethodUnary][] {
  const all = services.flatMap((service) =>
    service.methods.map((method) => [service, method] as const),
  )
  return all.flatMap(([service, method]): [DescService, DescMethodUnary][] =>
    isUnary(method) && (round === 0 || !slow.test(method.name)) ? [[service, method]] : [],
  )
}

/** Its kind is that of a union's member, which the compiler does not see through a generic type. */
function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary'
}

async function call(
  transport: Transport,
  service: DescService,
  method: DescMethodUnary,
  message: Message,
  headers: Headers,
): Promise<string> {
  const name = `${service.typeName}/${method.name}`
  const shown = `${name} ${JSON.stringify(message, asText).slice(0, 1_500)}`
  try {
    await transport.unary(method, undefined, 120_000, headers, message)
    return 'ok'
  } catch (failure) {
    const error = ConnectError.from(failure)
    const why = `${shown}: ${error.stack} ${String(error.cause)}`
    expect([Code.Internal, Code.Unknown], why).not.toContain(error.code)
    expect(error.findDetails(ErrorDetailSchema)[0], why).toMatchObject({
      code: expect.stringMatching(/^[A-Z][A-Z_]+$/),
      sentence: expect.stringMatching(/\w/),
      nextStep: expect.stringMatching(/\w/),
    })
    return Code[error.code] ?? ''
  }
}

const services: DescService[] = []
createRoutes({ host: memoryServices(nowMs).host, secureCookies: false, gatewayUrl: undefined })({
  handlers: [],
  service(descriptor) {
    services.push(descriptor)
    return this
  },
  rpc() {
    return this
  },
})

function asText(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? `${value.length} bytes` : value
}
