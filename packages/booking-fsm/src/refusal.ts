import type { Refusal, RefusalCode } from './replies.ts'

export function refuse(code: RefusalCode, details: Partial<RefusalDetails> = {}): Refusal {
  const { seats = [], figure = 0, field = '' } = details
  return { type: 'refused', code, seats, figure, field }
}
type RefusalDetails = Pick<Refusal, 'seats' | 'figure' | 'field'>

export function invalid(field: string): Refusal {
  return refuse('invalidField', { field })
}
