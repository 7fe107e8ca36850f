import type { Timestamp } from '@bufbuild/protobuf/wkt'

const locale = 'en-GB'
const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: knownZone(timeZone) })
    formats.set(key, format)
  }
  return format
}

/** A feed may name a zone this browser does not know; UTC is then better than no page. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

export function toMs(timestamp: Timestamp | undefined): number {
  if (timestamp === undefined) return 0
  return Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6)
}

/** 07:05, by the clock of the station. */
export function formatTime(ms: number, timeZone: string): string {
  return formatIn(timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms)
}

/** Mon 23 Nov, at the station. */
export function formatDay(ms: number, timeZone: string): string {
  return formatIn(timeZone, { weekday: 'short', day: 'numeric', month: 'short' })
    .format(ms)
    .replace(',', '')
}

/** Monday 23 November 2026, at the station. */
export function formatLongDay(ms: number, timeZone: string): string {
  return formatIn(timeZone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    .format(ms)
    .replace(',', '')
}

/** YYYY-MM-DD at the station. */
export function dateIn(ms: number, timeZone: string): string {
  const parts = formatIn(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(ms)
    .map(({ type, value }) => [type, value] as const)
  const { year, month, day } = Object.fromEntries(parts)
  return `${year}-${month}-${day}`
}

/** Whole days between two instants by the calendars of their stations: +1 after midnight. */
export function dayOffset(from: number, fromZone: string, to: number, toZone: string): number {
  return Math.round((Date.parse(dateIn(to, toZone)) - Date.parse(dateIn(from, fromZone))) / 864e5)
}

/** 3 h 05, for people; `spoken` for screen readers. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min`
  return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
}

export function speakDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const parts = [hours && plural(hours, 'hour'), rest && plural(rest, 'minute')].filter(Boolean)
  return parts.join(' ') || '0 minutes'
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
