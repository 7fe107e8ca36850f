import { addDays, dateInZone } from '../src/timetable/service-days.ts'

/** Tomorrow's date as the API wants it. */
export function tomorrow(): string {
  const text = String(addDays(dateInZone(Date.now(), 'UTC'), 1))
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

/** Tries until it succeeds; the last failure is thrown when the time is over. */
export async function eventually<T>(attempt: () => Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
