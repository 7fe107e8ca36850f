/** Reading the arguments of a command. What does not fit is told as etcd's harness would fail: at once. */
import type { Command } from './datadriven.ts'

/** A command that is not written as it should be, or one that the runner does not know. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

export function valuesOf(command: Command, key: string): readonly string[] {
  return command.args.filter((arg) => arg.key === key).flatMap((arg) => arg.values)
}

export function has(command: Command, key: string): boolean {
  return command.args.some((arg) => arg.key === key)
}

/** The single value of a key, if it is given. */
export function singleValue(command: Command, key: string): string | undefined {
  const values = valuesOf(command, key)
  if (values.length > 1) throw new CommandError(`${key} has more than one value`)
  return values[0]
}

export function requiredNumber(command: Command, key: string): number {
  const text = singleValue(command, key)
  if (text === undefined) throw new CommandError(`${command.name} needs ${key}=`)
  return wholeNumber(text)
}

/** The arguments without a key, as numbers. */
export function plainNumbers(command: Command): readonly number[] {
  return command.args.filter((arg) => arg.values.length === 0).map((arg) => wholeNumber(arg.key))
}

/** The argument without a key at `position`, from 0. */
export function plainNumber(command: Command, position: number): number {
  const number = plainNumbers(command)[position]
  if (number === undefined) {
    throw new CommandError(`${command.name} needs ${position + 1} numbers`)
  }
  return number
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new CommandError(`not a whole number: ${text}`)
  }
  return number
}

export function yesOrNo(text: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true
  if (/^(0|f|false)$/i.test(text)) return false
  throw new CommandError(`not true or false: ${text}`)
}
