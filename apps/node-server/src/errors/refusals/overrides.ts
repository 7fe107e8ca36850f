/** Refusals about what staff decide against a rule. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound, PermissionDenied, AlreadyExists } = Code

export const overridesRefusals = {
  overrideNotFound: text(
    NotFound,
    'OVERRIDE_NOT_FOUND',
    'There is no such override.',
    'Choose one from the list.',
  ),
  overrideDecided: text(
    FailedPrecondition,
    'OVERRIDE_DECIDED',
    'This override is paid, or was declined.',
    'Nothing to do.',
  ),
  secondPersonNeeded: text(
    PermissionDenied,
    'SECOND_PERSON_NEEDED',
    'Who has asked for an override can not approve or decline it.',
    'Ask a colleague to look at it.',
  ),
  refundTooHigh: text(
    FailedPrecondition,
    'REFUND_TOO_HIGH',
    'That is more than is kept of what these passengers have paid.',
    'Look at the booking and choose a smaller sum.',
  ),
  chargebackTooHigh: text(
    FailedPrecondition,
    'CHARGEBACK_TOO_HIGH',
    'That is more than is left of what this booking has paid by card.',
    'Look at the money of the booking: some of it may have gone back already, and the provider is to be told so.',
  ),
  chargebackNotFound: text(
    NotFound,
    'CHARGEBACK_NOT_FOUND',
    'No chargeback is recorded under this reference.',
    'Record it first.',
  ),
  chargebackDiffers: text(
    FailedPrecondition,
    'CHARGEBACK_DIFFERS',
    'This chargeback is recorded with another booking, sum or outcome.',
    'Look at the list of chargebacks, and ask the provider which is right.',
  ),
  outboxNotFound: text(NotFound, 'EFFECT_NOT_FOUND', 'There is no such effect.', 'Nothing to do.'),
  outboxResolved: text(
    AlreadyExists,
    'EFFECT_RESOLVED',
    'The outcome of this effect was recorded before.',
    'Nothing to do: it counts once.',
  ),
} as const
