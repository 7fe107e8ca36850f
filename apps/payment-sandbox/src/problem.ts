/** A refusal that a caller sees: status, stable code, sentence, and sentences for fields. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    fields: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }

  toBody(): { readonly error: object } {
    return { error: { code: this.code, message: this.message, fields: this.fields } }
  }
}
