/** The provider's list of what it settled: a line each, `key,kind,amount_minor`. */

export interface SettlementLine {
  /** The idempotency key that the provider was asked with. */
  readonly key: string
  readonly kind: 'capture' | 'refund'
  readonly amountMinor: number
}

export const LINES_AT_MOST = 10_000

/** The number of the first line that can not be read, from 1, is the answer when there is one. */
export function readSettlementList(csv: string): SettlementLine[] | number {
  const lines: SettlementLine[] = []
  const keys = new Set<string>()
  for (const [i, text] of csv.split(/\r?\n/).entries()) {
    if (text.trim() === '' || (i === 0 && text.trim() === HEADER)) continue
    const match = LINE.exec(text.trim())
    const [, key = '', kind, amount] = match ?? []
    const isKind = kind === 'capture' || kind === 'refund'
    if (!isKind || keys.has(key) || lines.length === LINES_AT_MOST) return i + 1
    keys.add(key)
    lines.push({ key, kind, amountMinor: Number(amount) })
  }
  return lines
}

const HEADER = 'key,kind,amount_minor'
const LINE = /^([!-+--~]{1,128}),(capture|refund),([0-9]{1,15})$/
