export interface Mutant {
  readonly name: string
  readonly changes: readonly Change[]
  /** What histories are rarely in: the unit tests of this file find it instead. */
  readonly test?: string
}
export interface Change {
  readonly file: string
  readonly from: string
  readonly to: string
}

export function mutant(name: string, file: string, from: string, to: string): Mutant {
  return { name, changes: [{ file, from, to }] }
}

export function foundBy(test: string, planted: Mutant): Mutant {
  return { ...planted, test }
}
