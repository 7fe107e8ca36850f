import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { FixedFares, SetTariff } from '@quorail/booking-fsm'
import {
  type FixedFares as FixedFaresMessage,
  Rounding,
  type SetTariffRequest,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import { roundings } from './cancellation-rule.ts'

/** The tariff as a command. Validation has seen that the instant and the rounding are set. */
export function tariff(request: SetTariffRequest): SetTariff {
  const { validFrom, roundToMinor, rounding, classes, passengerTypes, supplements } = request
  if (validFrom === undefined || rounding === Rounding.UNSPECIFIED) {
    throw invalidField('valid_from', 'A tariff needs an instant and a rounding.')
  }
  return {
    type: 'setTariff',
    validFromMs: timestampMs(validFrom),
    roundToMinor,
    rounding: roundings[rounding],
    classes: classes.map((of) => ({
      classCode: of.classCode,
      baseMinor: Number(of.baseMinor),
      perThousandKilometresMinor: Number(of.perThousandKilometresMinor),
      minimumMetres: of.minimumMetres,
      taxBasisPoints: of.taxBasisPoints,
    })),
    passengerTypes: passengerTypes.map(({ code, fareBasisPoints, perFullFare }) => ({
      code,
      fareBasisPoints,
      perFullFare,
    })),
    supplements: supplements.map((of) => ({
      code: of.code,
      trainPrefix: of.trainPrefix,
      classCode: of.classCode,
      amountMinor: Number(of.amountMinor),
      taxBasisPoints: of.taxBasisPoints,
      reduced: of.reduced,
    })),
    fixedFares: request.fixedFares && fixedFaresOf(request.fixedFares),
  }
}

export function fixedFaresOf(fixed: FixedFaresMessage): FixedFares {
  return {
    pairs: fixed.pairs.map((of) => ({
      fromCode: of.fromCode,
      toCode: of.toCode,
      classCode: of.classCode,
      amountMinor: Number(of.amountMinor),
    })),
    zones: fixed.zones.map((of) => ({
      fromZone: of.fromZone,
      toZone: of.toZone,
      classCode: of.classCode,
      amountMinor: Number(of.amountMinor),
    })),
  }
}
