import type { ConnectError } from '@connectrpc/connect'
import type { RefusalCode } from '@quorail/booking-fsm'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, test } from 'vitest'
import { refusalError, refusalTexts } from './refusals.ts'

const refusal = (code: RefusalCode, more: object = {}) =>
  refusalError({ type: 'refused', code, seats: [], figure: 0, field: '', ...more })
const detail = (error: ConnectError) => error.findDetails(ErrorDetailSchema)[0]

test('each refusal has a code of its own, a sentence, a next step, and is certainly not done', () => {
  const codes = new Set<string>()
  for (const code of Object.keys(refusalTexts) as RefusalCode[]) {
    const found = detail(refusal(code))
    expect(found?.code, code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(found?.sentence, code).toMatch(/^[A-Z].{10,}[.]$/s)
    expect(found?.nextStep, code).toMatch(/^[A-Z].{5,}[.]$/s)
    expect(found?.outcome).toBe(ErrorDetail_Outcome.NOT_DONE)
    codes.add(found?.code ?? '')
  }
  expect(codes.size).toBe(Object.keys(refusalTexts).length)
})

test('a taken seat is named', () => {
  const found = detail(refusal('seatTaken', { seats: [17] }))
  expect(found?.seats).toEqual([17])
  expect(found?.sentence).toContain('one of your seats')
})

test('the figure of a refusal reaches the caller and the sentence', () => {
  expect(detail(refusal('notEnoughSeats', { figure: 3 }))?.sentence).toContain('Only 3 seats')
  expect(detail(refusal('notEnoughSeats', { figure: 0 }))?.sentence).toContain('sold out')
  expect(detail(refusal('refundChanged', { figure: 1250 }))?.figure).toBe(1250n)
})
