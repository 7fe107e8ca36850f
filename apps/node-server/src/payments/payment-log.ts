/** What payments write down. A pino logger is one. Tokens and secrets never go in. */
export interface PaymentLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
