/** Times and money as people read them. */

/** `Wed, 25 Nov 2026, 06:00` on the clocks of the zone, with the zone's name where that is wanted. */
export function localTime(
  instantMs: number,
  timeZone: string,
  { nameZone = false }: { readonly nameZone?: boolean } = {},
): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: isZone(timeZone) ? timeZone : 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(nameZone || !isZone(timeZone) ? { timeZoneName: 'short' } : {}),
  }).format(instantMs)
}

/** `€12.34`, `¥1,234`: by the currency's own number of minor digits, without a float in between. */
export function moneyText(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const decimal = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`
  return format.format(`${minor < 0 ? '-' : ''}${decimal}` as Intl.StringNumericLiteral)
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }) !== undefined
  } catch {
    return false
  }
}
