import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import type { Failure } from './failure.ts'
import { isDoorAnswer } from './failure.ts'

/** What a call has been through when it ends without an answer. */
export interface CallHistory {
  readonly last: Failure
  /** Some attempt may have had its effect (and the method has effects). */
  readonly perhapsDone: boolean
  /** Some node answered at all. */
  readonly heardOfANode: boolean
}

/** The error a call ends with: always one that says what is known of the effect. */
export function endOfCall({ last, perhapsDone, heardOfANode }: CallHistory): ConnectError {
  const { error } = last
  if (last.kind === 'cancelled') return error
  if (!heardOfANode && last.kind === 'lost') {
    return perhapsDone ? nobodyAnswersUnknown(error) : nobodyAnswers(error)
  }
  if (perhapsDone && last.kind !== 'unknown' && isDoorAnswer(error.code)) {
    return outcomeUnknown(error)
  }
  if (last.kind === 'elsewhere') return noLeader(error)
  if (last.kind === 'lost') return noAnswer(error)
  return error
}

const noCharge = 'Nothing was booked or charged.'
const unknownEffect =
  'We could not find out whether your request went through. Nothing more will be charged: asking again can not make it happen twice.'

const nobodyAnswers = (cause: unknown) =>
  make(
    Code.Unavailable,
    'NO_NODE_REACHABLE',
    `We can not reach the booking system at the moment. ${noCharge}`,
    'Check your connection; we keep trying, or try again in a moment.',
    ErrorDetail_Outcome.NOT_DONE,
    cause,
  )

const nobodyAnswersUnknown = (cause: unknown) =>
  make(
    Code.Unavailable,
    'NO_NODE_REACHABLE',
    `We can not reach the booking system at the moment. ${unknownEffect}`,
    'Stay on this page: we keep asking until we know.',
    ErrorDetail_Outcome.UNKNOWN,
    cause,
  )

const outcomeUnknown = (cause: unknown) =>
  make(
    Code.Aborted,
    'OUTCOME_UNKNOWN',
    unknownEffect,
    'Stay on this page: we keep asking until we know.',
    ErrorDetail_Outcome.UNKNOWN,
    cause,
  )

const noLeader = (cause: unknown) =>
  make(
    Code.Unavailable,
    'NO_LEADER',
    `The booking system is just choosing which of its servers leads. ${noCharge}`,
    'Try again in a few seconds.',
    ErrorDetail_Outcome.NOT_DONE,
    cause,
  )

const noAnswer = (cause: unknown) =>
  make(
    Code.Unavailable,
    'NO_ANSWER',
    `The booking system did not answer in time. ${noCharge}`,
    'Try again in a few seconds.',
    ErrorDetail_Outcome.NOT_DONE,
    cause,
  )

export const streamSilent = () =>
  make(
    Code.Unavailable,
    'STREAM_SILENT',
    'The connection to the booking system went silent.',
    'It is opened again by itself.',
    ErrorDetail_Outcome.NOT_DONE,
    undefined,
  )

export const streamLost = (cause: unknown) =>
  make(
    Code.Unavailable,
    'STREAM_LOST',
    'The connection to the booking system was lost.',
    'It is opened again by itself.',
    ErrorDetail_Outcome.NOT_DONE,
    cause,
  )

export const streamFull = (callsAtMost: number) =>
  make(
    Code.ResourceExhausted,
    'STREAM_FULL',
    `${callsAtMost} calls of this stream wait for their answers. This one was not sent.`,
    'Make it again when some of them are answered.',
    ErrorDetail_Outcome.NOT_DONE,
    undefined,
  )

export const streamClosed = () =>
  make(
    Code.FailedPrecondition,
    'STREAM_CLOSED',
    'This stream was closed. The call was not sent.',
    'Open another one.',
    ErrorDetail_Outcome.NOT_DONE,
    undefined,
  )

function make(
  connectCode: Code,
  code: string,
  sentence: string,
  nextStep: string,
  outcome: ErrorDetail_Outcome,
  cause: unknown,
): ConnectError {
  return new ConnectError(
    `${code}: ${sentence}`,
    connectCode,
    undefined,
    [{ desc: ErrorDetailSchema, value: { code, sentence, nextStep, outcome } }],
    cause,
  )
}
