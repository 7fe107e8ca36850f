import { createHash } from 'node:crypto'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findBooking, verifyDraw } from '@quorail/booking-fsm'
import { DrawService, DrawStatus } from '@quorail/proto/quorail/booking/v1/draw_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const seed = '5eed'.repeat(16)
const commitment = createHash('sha256').update(seed).digest('hex')
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

const draws = () => createClient(DrawService, transport)

const login = (email: string, role: 'passenger' | 'operator' | 'staff' = 'passenger') =>
  loginTo(host, email, role)

function opening() {
  return {
    requestId: requestId(),
    runIds: [BigInt(demoJourney(host).runId)],
    windowFrom: timestampFromMs(now),
    windowTo: timestampFromMs(now + 120_000),
    revealBy: timestampFromMs(now + 3_600_000),
    holdSeconds: 7_200,
    seedCommitment: commitment,
  }
}

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return error?.findDetails(ErrorDetailSchema)[0]?.code ?? error?.code
}

test('a draw from its opening to its last turn, checked from what everybody may see', async () => {
  const operator = login('op@example.org', 'operator')
  const { drawId } = await draws().openDraw(opening(), operator)
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const wish = { runId: BigInt(runId), fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const people = ['a', 'b', 'c', 'd', 'e'].map((name) => login(`${name}@example.org`))
  const enter = (auth: object) =>
    draws().enterDraw(
      { requestId: requestId(), drawId, wishes: [wish], passengers: [{ name: 'P' }] },
      auth,
    )
  for (const [i, auth] of people.entries()) expect((await enter(auth)).number).toBe(i + 1)
  expect(await codeOf(enter(people[0] ?? {}))).toBe('ALREADY_ENTERED')
  expect((await draws().getDraw({ drawId }, people[2])).ownNumber).toBe(3)
  host.advance(120_000)
  await draws().revealSeed({ requestId: requestId(), drawId, seed }, operator)
  for (let tick = 0; tick < 5; tick++) host.run({ type: 'tick' })
  const { draw, entries, ownNumber } = await draws().getDraw({ drawId })
  expect([draw?.status, draw?.drawn, ownNumber]).toEqual([DrawStatus.DONE, 5, 0])
  expect(entries.map(({ won }) => won)).toEqual([true, true, true, true, true])
  expect(JSON.stringify(entries.map((entry) => Object.keys(entry)))).not.toContain('account')
  const published = { seedCommitment: draw?.seedCommitment ?? '', seed: draw?.seed ?? '', entries }
  expect(verifyDraw(published)).toEqual([])
  const rest = await draws().getDraw({ drawId, afterNumber: 3 })
  expect(rest.entries.map(({ number }) => number)).toEqual([4, 5])
  expect((await draws().listDraws({})).draws).toMatchObject([{ drawId, entered: 5 }])
})

test('what was said in an entry is of the booking that it wins, and nobody else sees it', async () => {
  const operator = login('op@example.org', 'operator')
  const ann = login('ann@example.org')
  const { drawId } = await draws().openDraw(opening(), operator)
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const wish = { runId: BigInt(runId), fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const said = { name: 'P', birthDate: '2000-01-01', document: 'ID secret', contact: '+1' }
  const entry = { requestId: requestId(), drawId, wishes: [wish], passengers: [said] }
  await draws().enterDraw(entry, ann)
  host.advance(120_000)
  await draws().revealSeed({ requestId: requestId(), drawId, seed }, operator)
  for (let tick = 0; tick < 5; tick++) host.run({ type: 'tick' })
  const known = { name: 'P', birthDate: 20_000_101, document: 'ID secret', contact: '+1' }
  expect(findBooking(host.state, 1)?.passengers).toMatchObject([known])
  const shown = await draws().getDraw({ drawId })
  expect(shown.entries.map(({ won }) => won)).toEqual([true])
  const words = (_: string, it: unknown) => (typeof it === 'bigint' ? String(it) : it)
  expect(JSON.stringify(shown, words)).not.toContain('secret')
})

test('who may not is refused, and what is wrong is said', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  expect(await codeOf(draws().openDraw(opening(), ann))).toBe('NOT_ALLOWED')
  expect(await codeOf(draws().openDraw(opening(), staff))).toBe('NOT_ALLOWED')
  expect(await codeOf(draws().getDraw({ drawId: 7n }))).toBe('DRAW_NOT_FOUND')
  const operator = login('op@example.org', 'operator')
  const short = draws().openDraw({ ...opening(), seedCommitment: 'ab' }, operator)
  expect((await short.then(() => undefined, ConnectError.from))?.code).toBe(Code.InvalidArgument)
  const { drawId } = await draws().openDraw(opening(), operator)
  const early = draws().revealSeed({ requestId: requestId(), drawId, seed }, operator)
  expect(await codeOf(early)).toBe('DRAW_NOT_OPEN')
  host.advance(120_000)
  const wrong = { requestId: requestId(), drawId, seed: 'a'.repeat(32) }
  expect(await codeOf(draws().revealSeed(wrong, operator))).toBe('SEED_MISMATCH')
})
