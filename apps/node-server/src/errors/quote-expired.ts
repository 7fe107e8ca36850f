import { Code, type ConnectError } from '@connectrpc/connect'
import type { Refusal } from '@quorail/booking-fsm'
import { serviceError } from './service-error.ts'

/** What `priceChanged` is to somebody whose quote was to stand until an instant that is past. */
export const quoteExpired = ({ figure }: Refusal): ConnectError =>
  serviceError({
    connectCode: Code.FailedPrecondition,
    code: 'QUOTE_EXPIRED',
    sentence:
      'The price that you were shown stood for a while that is over, and it is another one now.',
    nextStep: 'Look at the price and hold again. Nothing was held.',
    figure,
  })
