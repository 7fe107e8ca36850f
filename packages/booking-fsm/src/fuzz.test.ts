import { expect, it } from 'vitest'
import { fuzz } from '../test/fuzz/fuzz.ts'
import { ofEveryCommand, outOfReach, refusals } from '../test/refusals.ts'

it('the fuzzer meets every refusal that a command has, and no other', () => {
  const met = new Map<string, Set<string>>()
  // The more commands there are, the rarer is each of them.
  fuzz(1, 2_000 * Object.keys(refusals).length, ({ command, refusal }) => {
    const known = String(command) in refusals ? String(command) : 'every'
    const codes = met.get(known) ?? new Set<string>()
    met.set(known, codes.add(refusal.code))
  })
  for (const [type, declared] of Object.entries(refusals)) {
    const found = [...(met.get(type) ?? [])]
    const possible = Object.keys({ ...declared, ...ofEveryCommand })
    expect(
      found.filter((code) => !possible.includes(code)),
      type,
    ).toEqual([])
    const far: readonly string[] = outOfReach[type as keyof typeof outOfReach] ?? []
    expect(
      Object.keys(declared).filter((code) => !found.includes(code) && !far.includes(code)),
      type,
    ).toEqual([])
  }
  const anywhere = new Set([...met.values()].flatMap((codes) => [...codes]))
  expect(Object.keys(ofEveryCommand).filter((code) => !anywhere.has(code))).toEqual([])
  // Two thousand entries for each command.
}, 240_000)
