import type { Money } from '@quorail/proto/quorail/booking/v1/types_pb'

type Amount = Pick<Money, 'minor' | 'currency'>

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency)
  if (format === undefined) {
    format = new Intl.NumberFormat('en-GB', { style: 'currency', currency: currency || 'EUR' })
    formats.set(currency, format)
  }
  return format
}

/** Minor units as people write them: 4250 EUR → €42.50. The division is for display only. */
export function formatMoney(money: Amount | undefined): string {
  if (money === undefined) return ''
  const format = formatOf(money.currency)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(decimal(money.minor, digits) as Intl.StringNumericLiteral)
}

export function timesParty(price: Amount, passengers: number): Amount {
  return { minor: price.minor * BigInt(passengers), currency: price.currency }
}

/** An exact decimal string, so that no amount passes through a float. */
function decimal(minor: bigint, digits: number): string {
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  if (digits === 0) return `${sign}${text}`
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
