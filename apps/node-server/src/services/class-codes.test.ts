import { type DescField, type DescMessage, getOption, ScalarType } from '@bufbuild/protobuf'
import { field as fieldOption } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js'
import { createRouterTransport } from '@connectrpc/connect'
import { expect, test } from 'vitest'
import { createMemoryHost } from '../testing/memory-host.ts'
import { createRoutes } from './index.ts'

/** As the state machine takes them: a class that can be brought into the timetable can be asked for everywhere. */
const longest = 16

/** Every field of a request, at whatever depth, that says a class. */
function classCodeFields(): DescField[] {
  const seen = new Set<DescMessage>()
  const visit = (message: DescMessage) => {
    if (seen.has(message)) return
    seen.add(message)
    for (const field of message.fields) if (field.message !== undefined) visit(field.message)
  }
  const host = createMemoryHost(0)
  createRouterTransport((router) => {
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined })(router)
    for (const { method } of router.handlers) visit(method.input)
  })
  return [...seen].flatMap((message) =>
    message.fields.filter(
      (field) => field.scalar === ScalarType.STRING && /(^|_)class(_code)?s?$/.test(field.name),
    ),
  )
}

function longestOf(field: DescField): number {
  const { type } = getOption(field, fieldOption)
  const rules = type.case === 'repeated' ? type.value.items?.type : type
  if (rules?.case !== 'string') return Number.POSITIVE_INFINITY
  const byPattern = Number(/\{[01],(\d+)\}\$$/.exec(rules.value.pattern)?.[1])
  return byPattern > 0 ? byPattern : Number(rules.value.maxLen)
}

test('every request takes class codes as long as the timetable does', () => {
  const found = classCodeFields().map((field) => [
    `${field.parent.typeName}.${field.name}`,
    longestOf(field),
  ])
  const names = found.map(([name]) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      'quorail.booking.v1.HoldSeatsRequest.class_code',
      'quorail.booking.v1.QuoteFaresRequest.class_code',
      'quorail.booking.v1.WaitingJourney.class_code',
      'quorail.booking.v1.CoachLayout.class_code',
    ]),
  )
  expect(found.length).toBeGreaterThan(15)
  expect(found.filter(([, limit]) => limit !== longest)).toEqual([])
})
