import { UsageError } from '../options.ts'

/** A whole number from `least` to `most` that was given as `--name`, or `otherwise`. */
export function wholeOption(
  name: string,
  text: string | undefined,
  otherwise: number,
  least = 1,
  most = 100_000,
): number {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isInteger(value) && value >= least && value <= most && text?.trim() !== '')
    return value
  throw new UsageError(
    `--${name}: "${text}" is no whole number from ${least} to ${most.toLocaleString('en')}.`,
  )
}
