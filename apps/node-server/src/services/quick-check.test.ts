/** What is found good quickly, the validator finds good; and of what is good, most is found so. */
import { create, type DescMessage, getOption, type Message, ScalarType } from '@bufbuild/protobuf'
import { createValidator } from '@bufbuild/protovalidate'
import { field as fieldOption } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js'
import { createRouterTransport } from '@connectrpc/connect'
import { HoldSeatsRequestSchema } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { StreamCommandsRequestSchema } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { expect, test } from 'vitest'
import { type Draw, drawFrom, messageFor } from '../testing/hostile-messages.ts'
import { createMemoryHost } from '../testing/memory-host.ts'
import { createRoutes } from './index.ts'
import { quickCheck } from './quick-check.ts'

const validator = createValidator()
const isValid = (desc: DescMessage, message: Message): boolean =>
  validator.validate(desc, message).kind === 'valid'

function requests(): DescMessage[] {
  const found = new Set<DescMessage>()
  const host = createMemoryHost(0)
  createRouterTransport((router) => {
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined })(router)
    for (const { method } of router.handlers) found.add(method.input)
  })
  return [...found]
}

const texts = (draw: Draw, length: number): string =>
  ['x', 'ä', '𝒳', '\n', '5', '-', ' ', 'A'][draw(8)]?.repeat(length) ?? ''

/** Values at the very edges of the rules, set where they stand. */
function atEdges(desc: DescMessage, message: Message, draw: Draw): void {
  const fields = message as unknown as Record<string, unknown>
  for (const field of desc.fields) {
    const rules = getOption(field, fieldOption).type
    if (field.oneof !== undefined || rules.case === undefined || draw(4) > 0) continue
    const edges = Object.values(rules.value)
      .map((value) => (typeof value === 'object' ? (value as { value?: unknown })?.value : value))
      .filter((value) => typeof value === 'bigint' || typeof value === 'number')
    const edge = Number(edges[draw(Math.max(1, edges.length))] ?? 1) + draw(3) - 1
    if (edge < 0 || edge > 10_000) continue
    if (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING)
      fields[field.localName] = texts(draw, edge)
    else if (field.fieldKind === 'scalar' && typeof fields[field.localName] === 'number')
      fields[field.localName] = edge
    else if (field.fieldKind === 'scalar' && typeof fields[field.localName] === 'bigint')
      fields[field.localName] = BigInt(edge)
    else if (field.fieldKind === 'list' && field.listKind === 'scalar') {
      const list = fields[field.localName] as unknown[]
      if (list.length > 0) list.push(list[0])
    }
  }
}

test('over all requests of the API, hostile and sensible', () => {
  const draw = drawFrom(5)
  const seen = { good: 0, quick: 0, bad: 0 }
  const all = requests()
  expect(all.length).toBeGreaterThan(100)
  for (const desc of all)
    for (let at = 0; at < 24; at++) {
      const making = { draw, hostility: [0, 5, 40][at % 3] ?? 0, known: {} }
      const message = messageFor(desc, making)
      if (at % 2 === 0) atEdges(desc, message, draw)
      const valid = isValid(desc, message)
      const quick = quickCheck(desc)(message)
      if (quick) expect(valid, `${desc.typeName} ${at}`).toBe(true)
      seen[valid ? 'good' : 'bad'] += 1
      if (quick) seen.quick += 1
    }
  expect(seen.bad).toBeGreaterThan(200)
  expect(seen.quick / seen.good).toBeGreaterThan(0.8)
})

const hold = {
  requestId: 'r'.repeat(24),
  runId: 1n,
  toStop: 1,
  classCode: '2',
  passengers: [{ name: 'Ann Example' }],
}

test('the commonest requests are found good', () => {
  expect(quickCheck(HoldSeatsRequestSchema)(create(HoldSeatsRequestSchema, hold))).toBe(true)
  const frame = create(StreamCommandsRequestSchema, { calls: [{ method: 'a.B/C' }] })
  expect(quickCheck(StreamCommandsRequestSchema)(frame)).toBe(true)
})

test.each<[string, Partial<Parameters<typeof create<typeof HoldSeatsRequestSchema>>[1]>]>([
  ['an id that is too short', { requestId: 'short' }],
  ['four characters of two units each', { requestId: '𝒳𝒳𝒳𝒳' }],
  ['an id that is too long', { requestId: 'r'.repeat(65) }],
  ['no run', { runId: 0n }],
  ['a stop too far', { fromStop: 121 }],
  ['nobody', { passengers: [] }],
  ['too many', { passengers: Array.from({ length: 7 }, () => ({ name: 'A' })) }],
  ['nobody by name', { passengers: [{ name: '' }] }],
  ['no such day', { passengers: [{ name: 'A', birthDate: '1.1.2000' }] }],
  ['a day and a line', { passengers: [{ name: 'A', birthDate: '2000-01-01\n' }] }],
  ['a seat twice', { seats: [3, 3] }],
  ['less than nothing', { expectedPriceMinor: -1n }],
  ['no code', { product: 'a b' }],
])('%s is not', (_name, more) => {
  const message = create(HoldSeatsRequestSchema, { ...hold, ...more } as never)
  expect(isValid(HoldSeatsRequestSchema, message)).toBe(false)
  expect(quickCheck(HoldSeatsRequestSchema)(message)).toBe(false)
})
