/** The node must not start as things are. The message is a sentence for the operator. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError'
}
