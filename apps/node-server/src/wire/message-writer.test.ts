import {
  create,
  type DescMessage,
  type DescService,
  fromBinary,
  type Message,
  toBinary,
} from '@bufbuild/protobuf'
import { BookingSchema } from '@quorail/proto/quorail/booking/v1/types_pb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRoutes } from '../services/index.ts'
import { drawFrom, messageFor } from '../testing/hostile-messages.ts'
import { createMemoryHost } from '../testing/memory-host.ts'
import { bytesOf } from './message-writer.ts'

const services: DescService[] = []
createRoutes({
  host: createMemoryHost(Date.UTC(2026, 10, 30, 8)),
  ...{ secureCookies: false, gatewayUrl: undefined },
})({
  service: (service: DescService) => services.push(service),
} as never)

const messages = new Map<string, DescMessage>()
for (const { methods } of services)
  for (const { input, output } of methods)
    for (const desc of [input, output]) messages.set(desc.typeName, desc)

/** A message's fields without what makes it one: a description of it. */
function described(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(described)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const fields = Object.entries(value).filter(([name]) => !name.startsWith('$'))
  return Object.fromEntries(fields.map(([name, field]) => [name, described(field)]))
}

const outcome = (attempt: () => Uint8Array): string => {
  try {
    return Buffer.from(attempt()).toString('hex')
  } catch {
    return 'refused'
  }
}

test.each([...messages.values()].map((desc) => [desc.typeName, desc] as const))(
  '%s has the bytes that protobuf-es gives it, made or described',
  (_name, desc) => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 2), (seed, hostility) => {
        const making = { draw: drawFrom(seed), hostility, known: {} }
        const message: Message = messageFor(desc, making)
        const expected = outcome(() => toBinary(desc, message))
        expect(outcome(() => bytesOf(desc, message))).toBe(expected)
        if (expected === 'refused' || expected.length > 100_000) return
        expect(outcome(() => bytesOf(desc, described(message) as Record<string, unknown>))).toBe(
          expected,
        )
      }),
      { numRuns: 12 },
    )
  },
)

test('fields of a later version go on', () => {
  const bytes = Uint8Array.from([...toBinary(BookingSchema, create(BookingSchema)), 0x98, 0x3f, 1])
  expect(bytesOf(BookingSchema, fromBinary(BookingSchema, bytes))).toEqual(bytes)
})
