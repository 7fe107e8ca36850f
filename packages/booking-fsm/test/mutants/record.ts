/**
 * A program: lets generated histories look for the planted bugs that have no witness that shows them, and writes
 * what they find: `node test/mutants/record.ts [SEED [HISTORIES]]`. What is not found wants a unit test (`foundBy`).
 */
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from '../mutants.ts'
import { hunt, replayed } from '../run-mutant.ts'
import type { Mutant } from './mutant.ts'
import { hasWitness, witnessOf } from './witnesses.ts'

const AT_ONCE = 2

const [seed = 1, histories = 300] = process.argv.slice(2).map(Number)
mkdirSync(new URL('./witnesses/', import.meta.url), { recursive: true })

const waiting = MUTANTS.filter(({ test }) => test === undefined)
const missing: string[] = []
await Promise.all(Array.from({ length: AT_ONCE }, work))
console.log(missing.length === 0 ? 'all are shown' : `not found:\n${missing.join('\n')}`)

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    if (!(await isShown(mutant))) await record(mutant)
  }
}

async function isShown({ name, changes }: Mutant): Promise<boolean> {
  if (!hasWitness(name)) return false
  const file = fileURLToPath(witnessOf(name))
  return (await replayed([], file)) === '' && (await replayed(changes, file)) !== ''
}

async function record({ name, changes }: Mutant): Promise<void> {
  const file = fileURLToPath(witnessOf(name))
  const { found, histories: played } = await hunt(changes, seed, histories, file)
  const isClean = found !== '' && (await replayed([], file)) === ''
  console.log(`${isClean ? 'found' : 'NOT FOUND'} in ${played} histories: ${name}`)
  if (isClean) return
  missing.push(name)
  rmSync(file, { force: true })
}
