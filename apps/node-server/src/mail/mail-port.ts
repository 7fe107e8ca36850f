/** How a mail leaves the node: by SMTP, or into a folder where somebody can look at it. */
export interface MailPort {
  /**
   * Resolves to what the taker says. Rejects with a `MailRefusedError` when asking again is no use, a
   * `MailDelayedError` when this mail may be taken later; any other error is about no mail at all.
   */
  send(mail: Mail): Promise<string>
  close(): void
}

export interface Mail {
  /** Letters, digits and `-`: the same for the same news, so that a reader can tell a repeat. */
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** The mail server does not take this mail now, and says that it may later. */
export class MailDelayedError extends Error {
  override readonly name = 'MailDelayedError'
}

/** The mail server does not take this mail, and never will. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError'
}
