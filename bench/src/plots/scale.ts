import { number } from '../harness/report.ts'

/** From values to places on a picture. */
export interface Scale {
  at(value: number): number
  readonly ticks: readonly number[]
}

/** From nought to a round number that is not below `most`. */
export function linear(most: number, from: number, to: number): Scale {
  const rough = (most > 0 ? most : 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((times) => times * power >= rough) ?? 10) * power
  const count = Math.max(1, Math.ceil(most / step - 1e-9))
  const end = count * step
  return {
    at: (value) => from + ((to - from) * value) / end,
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6))),
  }
}

/** Of values above nought, over whole decades. */
export function logarithmic(least: number, most: number, from: number, to: number): Scale {
  if (!(least > 0)) throw new RangeError(`a logarithm of ${least} is asked for`)
  const first = Math.floor(Math.log10(least) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(most) - 1e-9))
  return {
    at: (value) => from + ((to - from) * (Math.log10(value) - first)) / (last - first),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)),
  }
}

/** On an axis: without noughts that say nothing. */
export const tickText = (value: number): string =>
  value >= 1_000 ? number(value) : String(Number(value.toPrecision(3)))
