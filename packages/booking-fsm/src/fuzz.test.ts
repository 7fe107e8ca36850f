import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fuzz, type Seen } from '../test/fuzz/fuzz.ts'
import { ofEveryCommand, outOfReach, refusals } from '../test/refusals.ts'
import type { Command } from './commands.ts'

it('the fuzzer meets every refusal that a command has, and no other', () => {
  const met = new Map<string, Set<string>>([['every', new Set()]])
  for (const type of Object.keys(refusals)) met.set(type, new Set())
  const missing = (type: string): string[] => {
    const far = Object.keys(outOfReach[type as keyof typeof outOfReach] ?? {})
    const found = met.get(type)
    const declared = Object.keys(
      type === 'every' ? ofEveryCommand : refusals[type as Command['type']],
    )
    return declared.filter((code) => found?.has(code) !== true && !far.includes(code))
  }
  const wanted = () => [...met.keys()].filter((type) => missing(type).length > 0)
  const meet = ({ command, refusal }: Seen) => {
    const known = String(command) in refusals ? String(command) : 'every'
    met.get(known)?.add(refusal.code)
    if (refusal.code in ofEveryCommand) met.get('every')?.add(refusal.code)
  }
  // Many of each command at first; then what has not been met is looked for.
  fuzz(1, 15_000, meet)
  fuzz(2, 200_000, meet, wanted)
  const others = Object.entries(refusals).map(([type, declared]) => {
    const possible = Object.keys({ ...declared, ...ofEveryCommand })
    return [type, [...(met.get(type) ?? [])].filter((code) => !possible.includes(code))]
  })
  expect(others.filter(([, codes]) => codes?.length !== 0)).toEqual([])
  expect(wanted().map((type) => [type, missing(type)])).toEqual([])
}, 240_000)

it.each(Object.entries(outOfReach))('what it need not meet of %s has a test', (_, codes) => {
  for (const [code, file] of Object.entries(codes)) {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toMatch(
      new RegExp(`'${code}'|^ +${code}: [[(]`, 'm'),
    )
  }
})
