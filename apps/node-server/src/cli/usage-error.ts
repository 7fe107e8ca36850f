/** What was typed can not be understood. The message is a sentence for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
