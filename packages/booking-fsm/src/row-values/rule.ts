/** The rows of dated rules. */
import type { CancellationBand } from '../commands.ts'
import type { RowValues } from '../row-values.ts'
import type { RefundRule } from '../things.ts'

export const ruleRows = {
  fare_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(
      it.tariff ?? it.classes.map((c) => [c.classCode, c.baseMinor, c.perThousandKilometresMinor]),
    ),
  ],
  refund_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(packedRefunds(it))],
  fare_products: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(it.products),
    JSON.stringify(it.requires),
  ],
  compensation_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.choiceMs,
    it.rebookMs,
    it.minimumMinor,
    it.maximumMinor,
    JSON.stringify(it.bands.map((band) => [band.fromMinutes, band.basisPoints])),
    it.fromBookingId,
  ],
  sales_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(it.terms)],
  seat_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.wheelchairReleaseMs,
    JSON.stringify(
      it.choiceLimits.map((of) => [of.classCode, of.fromLoadBasisPoints, of.offeredBasisPoints]),
    ),
  ],
  seat_promise_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.chartBeforeDepartureMs,
    JSON.stringify(it.lines.map((of) => [of.trainNumber, of.classCode, of.promised])),
  ],
  overbooking_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(it.lines.map((of) => [of.trainNumber, of.classCode, of.basisPoints])),
  ],
  waiting_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.capBasisPoints,
    it.chartBeforeDepartureMs,
    it.promotedHoldMs,
  ],
} satisfies Partial<RowValues>

/** A list of bands, or an object when the rule is one of charges. */
function packedRefunds({ bands, charges }: RefundRule): unknown {
  if (charges === undefined)
    return bands.map((b) => [b.untilBeforeDepartureMs, b.refundBasisPoints])
  const { offerMs, roundToMinor, rounding, lines } = charges
  const packed = lines.map((line) => {
    const { state, classCode, taxBasisPoints, exchange } = line
    const plain = [state, classCode, taxBasisPoints, packedBands(line.bands)]
    if (exchange === undefined) return plain
    return [...plain, [packedBands(exchange.bands), exchange.surplusBack]]
  })
  return { offerMs, roundToMinor, rounding, lines: packed }
}

function packedBands(bands: readonly CancellationBand[]): number[][] {
  return bands.map((b) => [b.untilBeforeDepartureMs, b.flatMinor, b.chargeBasisPoints])
}
