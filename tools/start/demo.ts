/** One of the sandbox's cards, as it lists them itself. */
export interface TestCard {
  readonly number: string
  readonly title: string
  readonly description: string
}

/** Asked of the sandbox, so that what is printed is what it does. */
export async function testCards(sandboxAddress: string): Promise<readonly TestCard[]> {
  try {
    const response = await fetch(`${sandboxAddress}/v1/test-cards`, {
      signal: AbortSignal.timeout(2000),
    })
    return ((await response.json()) as { readonly cards: readonly TestCard[] }).cards
  } catch {
    return [] // it is being started again; the checkout page shows the cards as well
  }
}

/** From one end of the demo's main line to its middle, tomorrow, when no train has left yet. */
export function searchToTry(now: Date): string {
  const day = new Date(now)
  day.setDate(day.getDate() + 1)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
  return `/search?from=PMR&to=VDC&date=${date}&passengers=2`
}
