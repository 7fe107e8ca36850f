/** Rules of fares and charges as the fuzzer's railway has them. */
import type { SetCancellationRule, SetTariff } from '../../src/commands.ts'

export function tariff(validFromMs: number): SetTariff {
  const prices = { baseMinor: 500, perThousandKilometresMinor: 5_000, minimumMetres: 50_000 }
  return {
    type: 'setTariff',
    validFromMs,
    roundToMinor: 5,
    rounding: 'halfUp',
    classes: ['1', '2'].map((classCode) => ({ classCode, ...prices, taxBasisPoints: 500 })),
    passengerTypes: [
      { code: 'child', fareBasisPoints: 5_000, perFullFare: 1 },
      { code: 'senior', fareBasisPoints: 6_000, perFullFare: 0 },
    ],
    supplements: [
      {
        code: 'fast',
        trainPrefix: 'IC',
        classCode: '',
        amountMinor: 300,
        taxBasisPoints: 0,
        reduced: false,
      },
    ],
  }
}

export function charges(validFromMs: number): SetCancellationRule {
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 100, chargeBasisPoints: 2_500 }]
  const free = { untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }
  const exchange = { bands: [free], surplusBack: true }
  return {
    type: 'setCancellationRule',
    validFromMs,
    offerMs: 600_000,
    roundToMinor: 100,
    rounding: 'up',
    lines: [{ state: 'confirmed', classCode: '', taxBasisPoints: 500, bands, exchange }],
  }
}
