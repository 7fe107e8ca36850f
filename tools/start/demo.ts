/** What the sandbox does with each of its cards (apps/payment-sandbox). */
export const testCards: readonly { readonly number: string; readonly outcome: string }[] = [
  { number: '4242 4242 4242 4242', outcome: 'approved' },
]

/** From one end of the demo's main line to its middle, tomorrow, when no train has left yet. */
export function searchToTry(now: Date): string {
  const day = new Date(now)
  day.setDate(day.getDate() + 1)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
  return `/search?from=PMR&to=VDC&date=${date}&passengers=2`
}
