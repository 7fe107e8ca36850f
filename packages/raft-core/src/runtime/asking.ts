/** Calls of a user's code that answer once, whatever that code does. */
import type { Callback } from '../ports.ts'

/**
 * `work` may answer before it returns, later, or by throwing; only its first answer counts, and what it
 * throws replaces one that it gave before it returned. `done` is never called from inside `work`, so
 * that what `done` throws is not taken for an answer.
 */
export function askOnce<T>(work: (answer: Callback<T>) => void, done: Callback<T>): void {
  let isInside = true
  let given: { readonly error: Error | undefined; readonly value: T } | undefined
  try {
    work((error, value) => {
      if (given !== undefined) return
      given = { error, value }
      if (!isInside) done(error, value)
    })
  } catch (thrown) {
    given = { error: asError(thrown), value: undefined as never }
  }
  isInside = false
  if (given !== undefined) done(given.error, given.value)
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
