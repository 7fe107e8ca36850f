import type { Refusal, RefusalCode } from '../../src/index.ts'

/** Thrown inside the model; `modelApply` turns it into the reply. No error: most of its time would go into the stack. */
export class Refused {
  readonly reply: Refusal

  constructor(reply: Refusal) {
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
