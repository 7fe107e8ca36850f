import { addDays, dateInZone } from '../src/timetable/service-days.ts'

/** Tomorrow's date as the API wants it. */
export function tomorrow(): string {
  const text = String(addDays(dateInZone(Date.now(), 'UTC'), 1))
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

export { eventually } from '../../../tools/testing/eventually.ts'
