import { create, toBinary } from '@bufbuild/protobuf'
import { createClient, type Transport } from '@connectrpc/connect'
import { newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import {
  type LogEntry,
  LogEntrySchema,
  StationInputSchema,
} from '@quorail/proto/quorail/command/v1/command_pb'
import { SEATS, SEGMENTS } from './railway-facts.ts'

export interface Login {
  readonly email: string
  readonly password: string
}

const dayMs = 86_400_000

/** Opens so many runs of one train, and a passenger who may hold as much as there is. Gives their session. */
export async function openRailway(
  transport: Transport,
  operator: Login,
  runs: number,
): Promise<string> {
  const options = await logIn(transport, operator)
  const staff = createClient(AdministrationService, transport)
  for (const entry of timetable(runs)) {
    const command = toBinary(LogEntrySchema, entry)
    await staff.importStep({ requestId: newRequestId(), command }, options)
  }
  return openSales(transport, operator)
}

/** The passenger, where there are runs already. */
export async function openSales(transport: Transport, operator: Login): Promise<string> {
  const options = await logIn(transport, operator)
  const rule = { holdSeconds: 600, maxOpenHolds: 0, maxPassengers: 6 }
  await createClient(AdministrationService, transport).setSalesRule(
    { requestId: newRequestId(), validFrom: { seconds: 1n, nanos: 0 }, ...rule },
    options,
  )
  const passenger = { email: 'ann@example.org', password: 'a good password', displayName: 'Ann' }
  const accounts = createClient(AccountService, transport)
  return (await accounts.register({ requestId: newRequestId(), ...passenger })).sessionToken
}

/** What a call of the operator carries. */
export async function logIn(transport: Transport, operator: Login) {
  const { sessionToken } = await createClient(AccountService, transport).logIn(operator)
  return { headers: { authorization: `Bearer ${sessionToken}` }, timeoutMs: 60_000 }
}

function* timetable(runs: number): Generator<LogEntry> {
  const stops = Array.from({ length: SEGMENTS + 1 }, (_, i) => i)
  const stations = stops.map((i) => create(StationInputSchema, station(i)))
  yield create(LogEntrySchema, { command: { case: 'putStations', value: { stations } } })
  const train = { number: 'IC 1', stops: stops.map(stop), coaches: coaches() }
  yield create(LogEntrySchema, { command: { case: 'addTrain', value: train } })
  const tomorrow = Math.ceil(Date.now() / dayMs) * dayMs
  for (let first = 0; first < runs; first += 100) {
    const days = Array.from({ length: Math.min(100, runs - first) }, (_, i) => first + i)
    const value = { trainNumber: 'IC 1', runs: days.map((day) => runOn(tomorrow + day * dayMs)) }
    yield create(LogEntrySchema, { command: { case: 'addRuns', value } })
  }
}

const station = (i: number) => ({
  code: `S${i}`,
  name: `Station ${i}`,
  searchTerms: [`station ${i}`],
  latitudeE6: BigInt(i) * 10_000n,
  longitudeE6: BigInt(i) * 10_000n,
  timeZone: 'UTC',
})

const stop = (i: number) => ({
  stationCode: `S${i}`,
  arrivalSeconds: i * 600,
  departureSeconds: i * 600 + 60,
  distanceMetres: i * 40_000,
  boarding: i < SEGMENTS,
  alighting: i > 0,
})

const coaches = () =>
  Array.from({ length: 10 }, (_, i) => ({
    label: `${i + 1}`,
    classCode: '2',
    rows: SEATS / 10 / 4,
    columns: 'AB-CD',
  }))

const runOn = (baseMs: number) => ({
  serviceDate: Number(new Date(baseMs).toISOString().slice(0, 10).replaceAll('-', '')),
  baseMs: BigInt(baseMs),
})
