export interface CardFields {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  readonly name: string
}

export type CardProblems = Partial<Record<keyof CardFields, string>>

export const emptyCard: CardFields = { number: '', expiry: '', cvc: '', name: '' }

/** Digits in groups of four, as they stand on the card. */
export function writeCardNumber(text: string): string {
  const digits = text.replace(/\D/g, '').slice(0, 19)
  return digits.replace(/(.{4})(?=.)/g, '$1 ')
}

/** 1226 → 12/26, while it is typed; deleting works as well. */
export function writeExpiry(text: string): string {
  const digits = text.replace(/\D/g, '').slice(0, 4)
  if (digits.length < 3) return /^\d{2}\/$/.test(text) ? text : digits
  return `${digits.slice(0, 2)}/${digits.slice(2)}`
}

/** What can be seen without asking; the provider looks closer. */
export function checkCard({ number, expiry, cvc, name }: CardFields): CardProblems {
  const digits = number.replaceAll(' ', '')
  return {
    ...(digits.length < 12 && { number: 'Enter the number on the front of the card.' }),
    ...(!/^(0[1-9]|1[0-2])\/\d{2}$/.test(expiry) && { expiry: 'Enter it as MM/YY.' }),
    ...(!/^\d{3,4}$/.test(cvc) && { cvc: 'Three or four digits.' }),
    ...(name.trim() === '' && { name: 'Enter the name on the card.' }),
  }
}
