import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { SetCancellationRule } from '@quorail/booking-fsm'
import {
  type CancellationBand,
  Rounding,
  type SetCancellationRuleRequest,
  TravelState,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { invalidField } from '../errors/door-errors.ts'

/** As the log names them. */
export const roundings = {
  [Rounding.HALF_UP]: 'halfUp',
  [Rounding.UP]: 'up',
  [Rounding.DOWN]: 'down',
} as const
const states = {
  [TravelState.CONFIRMED]: 'confirmed',
  [TravelState.RAC]: 'rac',
  [TravelState.WAITING]: 'waiting',
} as const

/** The rule as a command. Validation has seen that every enum is set. */
export function cancellationRule(request: SetCancellationRuleRequest): SetCancellationRule {
  const { validFrom, offerSeconds, roundToMinor, rounding, lines } = request
  if (validFrom === undefined || rounding === Rounding.UNSPECIFIED) {
    throw invalidField('valid_from', 'A rule needs an instant and a rounding.')
  }
  return {
    type: 'setCancellationRule',
    validFromMs: timestampMs(validFrom),
    offerMs: offerSeconds * 1_000,
    roundToMinor,
    rounding: roundings[rounding],
    lines: lines.map(({ state, classCode, taxBasisPoints, bands, exchange }, i) => {
      if (state === TravelState.UNSPECIFIED) {
        throw invalidField(`lines[${i}].state`, 'A line needs a state.')
      }
      return {
        state: states[state],
        classCode,
        taxBasisPoints,
        bands: bands.map(bandOf),
        exchange: exchange && {
          bands: exchange.bands.map(bandOf),
          surplusBack: exchange.surplusBack,
        },
      }
    }),
  }
}

function bandOf(band: CancellationBand): SetCancellationRule['lines'][number]['bands'][number] {
  return {
    untilBeforeDepartureMs: band.untilMinutesBeforeDeparture * 60_000,
    flatMinor: Number(band.flatMinor),
    chargeBasisPoints: band.chargeBasisPoints,
  }
}
