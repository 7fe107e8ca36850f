import type { Code } from '@connectrpc/connect'
import type { Refusal } from '@quorail/booking-fsm'

/** What a person reads of one refusal of the state machine. */
export interface RefusalText {
  readonly connectCode: Code
  readonly code: string
  readonly sentence: (refusal: Refusal) => string
  readonly nextStep: string
}

/** A sentence may speak of the refusal's field, figure or seats. */
export const text = (
  connectCode: Code,
  code: string,
  sentence: string | ((refusal: Refusal) => string),
  nextStep: string,
): RefusalText => ({
  connectCode,
  code,
  sentence: typeof sentence === 'string' ? () => sentence : sentence,
  nextStep,
})
