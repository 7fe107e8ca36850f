/** What the sandbox does with each of its cards (apps/payment-sandbox). */
export const testCards: readonly { readonly number: string; readonly outcome: string }[] = [
  { number: '4242 4242 4242 4242', outcome: 'approved' },
]

export function searchToTry(now: Date): string {
  const tomorrow = new Date(now.getTime() + 24 * 3600 * 1000).toISOString().slice(0, 10)
  return `/search?date=${tomorrow}&passengers=1`
}
