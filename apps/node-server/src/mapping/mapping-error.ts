/** A value that does not fit the schema, or bytes that do not. Names the place. */
export class MappingError extends Error {
  override readonly name = 'MappingError'
  readonly place: string

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`)
    this.place = place
  }
}

/** One value of a field, both ways. */
export interface ValueCodec {
  toMessage(value: unknown, place: string): unknown
  toPlain(value: unknown, place: string): unknown
}

export function asObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MappingError(place, 'is not an object')
  return value as Readonly<Record<string, unknown>>
}
