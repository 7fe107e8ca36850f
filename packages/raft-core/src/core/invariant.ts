/** Assertions that stay on in production (see `InvariantError`). */
import { InvariantError } from '../errors.ts'

/** Throws `InvariantError` unless `condition` holds. `message` says what should have held. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** For hot paths: write `if (!ok) broken(...)`, so that the message is only built when it is needed. */
export function broken(message: string): never {
  throw new InvariantError(message)
}
