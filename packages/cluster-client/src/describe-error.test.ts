import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { describe, expect, test } from 'vitest'
import { describeError } from './describe-error.ts'

describe('describeError', () => {
  test('says what the cluster said', () => {
    const error = new ConnectError('x', Code.FailedPrecondition, undefined, [
      {
        desc: ErrorDetailSchema,
        value: {
          code: 'SEAT_TAKEN',
          sentence: 'Somebody was faster.',
          nextStep: 'Choose another seat.',
          outcome: ErrorDetail_Outcome.NOT_DONE,
          field: 'seats[0]',
          figure: 3n,
          seats: [4, 5],
        },
      },
    ])
    expect(describeError(error)).toEqual({
      code: 'SEAT_TAKEN',
      sentence: 'Somebody was faster.',
      nextStep: 'Choose another seat.',
      outcome: 'notDone',
      field: 'seats[0]',
      retryable: false,
      seats: [4, 5],
      figure: 3,
    })
  })

  test('an outcome that is not said is unknown', () => {
    const error = new ConnectError('x', Code.Internal, undefined, [
      { desc: ErrorDetailSchema, value: { code: 'ODD' } },
    ])
    const described = describeError(error)
    expect(described).toMatchObject({ code: 'ODD', outcome: 'unknown', retryable: true })
    expect(described.sentence).not.toBe('')
  })

  test.each([
    ...Object.values(Code)
      .filter((code) => typeof code === 'number')
      .map((code) => new ConnectError('x', code)),
    new TypeError('Failed to fetch'),
    'a string',
    undefined,
    null,
    { odd: true },
  ])('has a code and a sentence for %s', (error) => {
    const described = describeError(error)
    expect(described.code).toMatch(/^[A-Z_]+$/)
    expect(described.sentence).toMatch(/\.$/)
    expect(described.nextStep).not.toBe('')
    if (described.outcome === 'unknown') expect(described.sentence).toContain('could not find out')
  })
})
