import { isDate } from '@/lib/format/dates'

/** A search as its address has it; the address is the state, so it can be shared and gone back to. */
export interface SearchQuery {
  readonly from: string
  readonly to: string
  readonly date: string
  readonly passengers: number
}

export const passengersMost = 6

export type RawParams = Readonly<Record<string, string | readonly string[] | undefined>>

export function parseSearch(params: RawParams): SearchQuery | undefined {
  const [from, to, date] = [one(params.from), one(params.to), one(params.date)]
  if (from === '' || to === '' || !isDate(date)) return undefined
  return { from, to, date, passengers: parsePassengers(one(params.passengers)) }
}

export function searchHref({ from, to, date, passengers }: SearchQuery): string {
  return `/search?${new URLSearchParams({ from, to, date, passengers: String(passengers) })}`
}

/** Anything but 1 to 6 is taken for 1: an edited address should not be a dead end. */
export function parsePassengers(text: string): number {
  const count = Number(text)
  return Number.isInteger(count) && count >= 1 && count <= passengersMost ? count : 1
}

/** A journey on a run and the party that wants it, as the seat page's address has it. */
export interface SeatQuery {
  readonly runId: bigint
  readonly from: number
  readonly to: number
  readonly passengers: number
  readonly classCode: string
}

export function parseSeatQuery(runId: string, params: RawParams): SeatQuery | undefined {
  const [from, to] = [Number(one(params.from)), Number(one(params.to))]
  const stops = [from, to].every((stop) => Number.isInteger(stop) && stop >= 0 && stop <= 120)
  if (!/^[1-9]\d{0,18}$/.test(runId) || !stops || from >= to) return undefined
  return {
    runId: BigInt(runId),
    from,
    to,
    passengers: parsePassengers(one(params.passengers)),
    classCode: one(params.class),
  }
}

export function seatHref(query: SeatQuery): string {
  const { runId, from, to, passengers, classCode } = query
  const params = new URLSearchParams({
    from: String(from),
    to: String(to),
    passengers: String(passengers),
    ...(classCode === '' ? {} : { class: classCode }),
  })
  return `/runs/${runId}?${params}`
}

function one(value: string | readonly string[] | undefined): string {
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).trim()
}
