/** The codes of vouchers: what is written on them, and what the log knows of them. */
import { createHash, randomInt } from 'node:crypto'

const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
/** Without the one that checks them: 31^12 are nearly 60 bits. */
const length = 12

/** At random, in groups of which the last is longer by the character that checks the others. */
export function makeVoucherCode(): string {
  const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)] as string)
  const code = characters.join('')
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}${checkOf(code)}`
}

/** What the log knows a code by; undefined when it can not be one: it is mistyped. */
export function voucherHash(typed: string): string | undefined {
  const code = typed.replaceAll(/[\s-]/g, '').toUpperCase()
  const isCode = code.length === length + 1 && [...code].every((of) => alphabet.includes(of))
  if (!isCode || checkOf(code.slice(0, length)) !== code.at(-1)) return undefined
  return createHash('sha256').update(`quorail voucher ${code}`).digest('hex')
}

/** Another one for each single slip, and for two neighbours that are swapped. */
function checkOf(code: string): string {
  const sum = [...code].reduce((all, of, i) => all + (i + 1) * alphabet.indexOf(of), 0)
  return alphabet[sum % alphabet.length] as string
}
