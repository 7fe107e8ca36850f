import { isDate } from '../service-days.ts'

/** Reading of single fields; undefined where the text is not what the column must hold. */

/** `H:MM:SS` or `HHH:MM:SS` since "noon minus 12 h"; hours may pass 24 and need no padding. */
export function readTime(text: string): number | undefined {
  const match = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3])
}

export function formatTime(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** yyyymmdd, an existing day. */
export function readDate(text: string): number | undefined {
  if (!/^\d{8}$/.test(text)) return undefined
  const date = Number(text)
  return isDate(date) ? date : undefined
}

/** Names as the railway keeps them: without control characters, cut between characters. */
export function plainText(text: string, maxLength: number): string {
  let cut = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  for (const character of text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()) {
    if (cut.length + character.length > maxLength) break
    cut += character
  }
  return cut
}

export function readWholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** Degrees within ±limit, in millionths. */
export function readDegreesE6(text: string, limit: number): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined
  const degrees = Number(text)
  return Math.abs(degrees) <= limit ? Math.round(degrees * 1e6) : undefined
}

export function readDecimal(text: string): number | undefined {
  return /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}
