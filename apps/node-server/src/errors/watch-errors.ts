import { Code, type ConnectError } from '@connectrpc/connect'
import { serviceError } from './service-error.ts'

export const watchNotFound = (): ConnectError =>
  serviceError({
    connectCode: Code.NotFound,
    code: 'WATCH_NOT_FOUND',
    sentence: 'This node has no such stream of yours: it has ended, or another node has it.',
    nextStep: 'Open a stream again, with the indexes and fingerprints that you have.',
    field: 'watch_id',
  })

export const tooManyWatches = (limit: number): ConnectError =>
  serviceError({
    connectCode: Code.ResourceExhausted,
    code: 'TOO_MANY_WATCHES',
    sentence: `More than ${limit} is not watched at a time here.`,
    nextStep: 'Close pages that you do not need, or ask again from time to time instead.',
    figure: limit,
  })

export const nodeBehind = (): ConnectError =>
  serviceError({
    connectCode: Code.Unavailable,
    code: 'NODE_BEHIND',
    sentence: 'This server has not heard yet of what you have seen already.',
    nextStep: 'Watch at another node.',
  })

export const notDrained = (): ConnectError =>
  serviceError({
    connectCode: Code.ResourceExhausted,
    code: 'WATCH_NOT_READ',
    sentence: 'What was sent to you was not read for too long, so the stream was closed.',
    nextStep: 'Open a stream again when you can read it.',
  })
