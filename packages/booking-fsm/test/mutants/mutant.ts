export interface Mutant {
  readonly name: string
  readonly changes: readonly Change[]
}
export interface Change {
  readonly file: string
  readonly from: string
  readonly to: string
}

export function mutant(name: string, file: string, from: string, to: string): Mutant {
  return { name, changes: [{ file, from, to }] }
}
