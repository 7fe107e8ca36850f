/** Refusals that are decided at the door, before anything enters the log. */
import { Code, type ConnectError } from '@connectrpc/connect'
import { serviceError } from './service-error.ts'

export const invalidField = (field: string, sentence: string): ConnectError =>
  serviceError({
    connectCode: Code.InvalidArgument,
    code: 'INVALID_FIELD',
    sentence,
    nextStep: 'Correct the field and send the request again.',
    field,
  })

export const notLoggedIn = (): ConnectError =>
  serviceError({
    connectCode: Code.Unauthenticated,
    code: 'NOT_LOGGED_IN',
    sentence: 'You are not logged in.',
    nextStep: 'Log in or register, then go on where you were.',
  })

export const notAllowed = (needed: string): ConnectError =>
  serviceError({
    connectCode: Code.PermissionDenied,
    code: 'NOT_ALLOWED',
    sentence: `This is for ${needed} only.`,
    nextStep: 'Log in with an account that may do this.',
  })

export const wrongPassword = (): ConnectError =>
  serviceError({
    connectCode: Code.Unauthenticated,
    code: 'WRONG_PASSWORD',
    sentence: 'Email and password do not belong together.',
    nextStep: 'Check both and try again, or register.',
    field: 'password',
  })

export const wrongCode = (): ConnectError =>
  serviceError({
    connectCode: Code.Unauthenticated,
    code: 'WRONG_CODE',
    sentence: 'This code is not the one that your device shows now.',
    nextStep: 'Wait for the next one and make sure that the clock of your device is right.',
    field: 'code',
  })

export const secondFactorUnavailable = (): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'SECOND_FACTOR_UNAVAILABLE',
    sentence:
      'This cluster can not check codes: its nodes have no key for them, or another one than before.',
    nextStep:
      'Use a recovery code, or tell an operator: every node needs the same --seal-key-file.',
  })

export const loginThrottled = (seconds: number): ConnectError =>
  serviceError({
    connectCode: Code.ResourceExhausted,
    code: 'LOGIN_THROTTLED',
    sentence: 'There were too many wrong passwords for this email.',
    nextStep: `Wait ${seconds} seconds and try again.`,
    figure: seconds,
  })

export const deadlineExceeded = (): ConnectError =>
  serviceError({
    connectCode: Code.DeadlineExceeded,
    code: 'DEADLINE_EXCEEDED',
    sentence:
      'The time that your program allowed was over before we could begin. Nothing was done.',
    nextStep: 'Send the same request again, with more time.',
  })

export const notYetHere = (): ConnectError =>
  serviceError({
    connectCode: Code.Unavailable,
    code: 'NOT_YET_HERE',
    sentence: 'This server does not know yet what you have seen elsewhere.',
    nextStep: 'Ask again, or ask another node.',
  })

export const loginsBusy = (): ConnectError =>
  serviceError({
    connectCode: Code.ResourceExhausted,
    code: 'LOGINS_BUSY',
    sentence: 'More people are logging in at the moment than we can check passwords of.',
    nextStep: 'Wait 2 seconds and try again.',
    figure: 2,
    retryAfterMs: 2_000,
  })

export const rateLimited = (seconds: number): ConnectError =>
  serviceError({
    connectCode: Code.ResourceExhausted,
    code: 'RATE_LIMITED',
    sentence: 'That is more than one person can ask for at a time.',
    nextStep: `Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'} and send the same request again.`,
    figure: seconds,
    retryAfterMs: seconds * 1_000,
  })

export const pastDate = (field: string): ConnectError =>
  serviceError({
    connectCode: Code.InvalidArgument,
    code: 'PAST_DATE',
    sentence: 'That day is over.',
    nextStep: 'Choose today or a later day.',
    field,
  })

export const unknownStation = (field: string, code: string): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'STATION_NOT_FOUND',
    sentence: `We know no station “${code}”.`,
    nextStep: 'Choose a station from the list.',
    field,
  })

export const unknownRun = (): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'RUN_NOT_FOUND',
    sentence: 'There is no such train on that day.',
    nextStep: 'Search again and choose a train from the results.',
    field: 'run_id',
  })

export const unknownBooking = (): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'BOOKING_NOT_FOUND',
    sentence: 'There is no such booking in your account.',
    nextStep: 'Look at “My trips” for your bookings.',
    field: 'booking_id',
  })

export const unknownMethod = (method: string): ConnectError =>
  serviceError({
    connectCode: Code.Unimplemented,
    code: 'METHOD_NOT_FOUND',
    sentence: `This node has no method “${method}” that a stream could carry.`,
    nextStep: 'Name it like quorail.booking.v1.BookingService/HoldSeats.',
    field: 'method',
  })

export const unreadableRequest = (cause: unknown): ConnectError =>
  serviceError(
    {
      connectCode: Code.InvalidArgument,
      code: 'UNREADABLE_REQUEST',
      sentence: 'The bytes of this request are no message of its method.',
      nextStep: 'Encode the request message of the method that is named.',
      field: 'request',
    },
    cause,
  )

export const unknownService = (name: string): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'SERVICE_NOT_FOUND',
    sentence: `This server has no service “${name}”.`,
    nextStep: 'Ask for the list of services, or for the empty name: the whole server.',
    field: 'service',
  })

export const internalError = (cause: unknown): ConnectError =>
  serviceError(
    {
      connectCode: Code.Internal,
      code: 'INTERNAL',
      sentence: 'Something went wrong on our side.',
      nextStep: 'Try again with the same request id; if it stays, tell us.',
      unknown: true,
    },
    cause,
  )
