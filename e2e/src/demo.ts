/** What the browser tests and pictures know of the demo timetable (apps/node-server, Valdoria). */
export const portMarin = { code: 'PMR', name: 'Port Marin' }
export const valdor = { code: 'VDC', name: 'Valdor Central' }

export function tomorrow(): string {
  return localDate(1)
}

export function localDate(daysAhead: number): string {
  const day = new Date()
  day.setDate(day.getDate() + daysAhead)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

export function searchPath(
  from: { readonly code: string },
  to: { readonly code: string },
  passengers = 1,
  date = tomorrow(),
): string {
  return `/search?from=${from.code}&to=${to.code}&date=${date}&passengers=${passengers}`
}
