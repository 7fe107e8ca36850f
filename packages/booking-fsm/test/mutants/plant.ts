/**
 * Loaded in front of a program (`node --import`): the files that PLANTED names are read with its changes. Each
 * must fit the source exactly once, or the program does not run.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import type { Change } from './mutant.ts'

const source = new URL('../../src/', import.meta.url).href
const planted = JSON.parse(process.env.PLANTED ?? '[]') as readonly Change[]

registerHooks({
  load(url, context, nextLoad) {
    const mine = planted.filter(({ file }) => url === source + file)
    if (mine.length === 0) return nextLoad(url, context)
    const text = mine.reduce(changed, readFileSync(new URL(url), 'utf8'))
    return { format: 'module-typescript', source: text, shortCircuit: true }
  },
})

export function changed(text: string, { file, from, to }: Change): string {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`)
  return parts.join(to)
}
