import type { Refusal, RefusalCode } from '../../src/index.ts'

/** Thrown inside the model; `modelApply` turns it into the reply. */
export class Refused extends Error {
  readonly reply: Refusal

  constructor(reply: Refusal) {
    super(`${reply.code} ${reply.field}`)
    this.reply = reply
  }
}

export function refuse(
  code: RefusalCode,
  more: { field?: string; figure?: number; seats?: readonly number[] } = {},
): never {
  const { field = '', figure = 0, seats = [] } = more
  throw new Refused({ type: 'refused', code, seats, figure, field })
}
