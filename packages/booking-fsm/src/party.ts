/** The passengers of a booking, as its row has them. */
import type { Booking, PassengerFare } from './things.ts'

/** A name, or a name with its type and lines. */
type Packed = string | readonly [string, string, readonly (readonly [string, number, number])[]]

/** Names alone, or with each passenger's type and lines. */
export function packParty(
  names: readonly string[],
  fares: readonly PassengerFare[] | undefined,
): string {
  const packed: readonly Packed[] =
    fares?.map(({ passengerType, lines }, i) => [
      names[i] as string,
      passengerType,
      lines.map(({ code, netMinor, taxMinor }) => [code, netMinor, taxMinor]),
    ]) ?? names
  return JSON.stringify(packed)
}

export function namesOf({ namesJson }: Pick<Booking, 'namesJson'>): string[] {
  return unpacked(namesJson).map((it) => (typeof it === 'string' ? it : it[0]))
}

/** Types and fares stay. */
export function eraseNames(namesJson: string): string {
  const erased = unpacked(namesJson).map((it) =>
    typeof it === 'string' ? ERASED : [ERASED, ...it.slice(1)],
  )
  return JSON.stringify(erased)
}
const ERASED = '*'

/** What each passenger paid by a tariff; undefined when all pay `priceEachMinor`. */
export function faresPaid({
  namesJson,
  priceEachMinor,
}: Pick<Booking, 'namesJson' | 'priceEachMinor'>): PassengerFare[] | undefined {
  // Under a tariff it is 0: nothing needs to be read for the others.
  if (priceEachMinor !== 0) return undefined
  const fares = unpacked(namesJson).flatMap((it) => {
    if (typeof it === 'string') return []
    const [, passengerType, packed] = it
    const lines = packed.map(([code, netMinor, taxMinor]) => ({ code, netMinor, taxMinor }))
    return [{ passengerType, lines }]
  })
  return fares.length > 0 ? fares : undefined
}

function unpacked(namesJson: string): readonly Packed[] {
  return JSON.parse(namesJson) as readonly Packed[]
}
