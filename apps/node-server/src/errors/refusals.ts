import type { ConnectError } from '@connectrpc/connect'
import type { Refusal, RefusalCode } from '@quorail/booking-fsm'
import { accountsRefusals } from './refusals/accounts.ts'
import { bookingsRefusals } from './refusals/bookings.ts'
import { disruptionRefusals } from './refusals/disruption.ts'
import { generalRefusals } from './refusals/general.ts'
import { overridesRefusals } from './refusals/overrides.ts'
import { saleRefusals } from './refusals/sale.ts'
import { sellersRefusals } from './refusals/sellers.ts'
import type { RefusalText } from './refusals/text.ts'
import { ticketsRefusals } from './refusals/tickets.ts'
import { timetableRefusals } from './refusals/timetable.ts'
import { waitingRefusals } from './refusals/waiting.ts'
import { serviceError } from './service-error.ts'

/**
 * One line for each refusal of the state machine: complete by its type, so that a new refusal
 * can not be forgotten here.
 */
export const refusalTexts: Readonly<Record<RefusalCode, RefusalText>> = {
  ...generalRefusals,
  ...accountsRefusals,
  ...sellersRefusals,
  ...timetableRefusals,
  ...saleRefusals,
  ...bookingsRefusals,
  ...disruptionRefusals,
  ...ticketsRefusals,
  ...overridesRefusals,
  ...waitingRefusals,
}

/** A refusal of the state machine, as an error of the service. It certainly changed nothing. */
export function refusalError(refusal: Refusal): ConnectError {
  const line = refusalTexts[refusal.code]
  return serviceError({
    connectCode: line.connectCode,
    code: line.code,
    sentence: line.sentence(refusal),
    nextStep: line.nextStep,
    field: refusal.field,
    figure: refusal.figure,
    seats: refusal.seats,
  })
}
