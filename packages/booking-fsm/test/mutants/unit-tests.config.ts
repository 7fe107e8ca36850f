/**
 * Runs one file of unit tests many times in one process: once for each of PLANTED, a list of changes of the source,
 * and writes to FAILURES how many tests ran and how many of them failed. What is not changed is read and compiled once.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import type { Reporter, Vite } from 'vitest/node'
import type { Change } from './mutant.ts'
import { changed } from './plant.ts'

const home = path.join(import.meta.dirname, '../..')
const { PLANTED = '[]', UNIT_TESTS = '', FAILURES = '' } = process.env
const planted = JSON.parse(PLANTED) as readonly (readonly Change[])[]

function plant(changes: readonly Change[]): Vite.Plugin {
  const of = (id: string) => changes.filter(({ file }) => id === path.join(home, 'src', file))
  return {
    name: 'planted',
    enforce: 'pre',
    // A file with a bug in it is not the file that is kept compiled.
    configureVitest: ({ defineCacheKeyGenerator }) => {
      defineCacheKeyGenerator(({ id }) => (of(id).length > 0 ? JSON.stringify(changes) : undefined))
    },
    load: (id) => (of(id).length > 0 ? of(id).reduce(changed, readFileSync(id, 'utf8')) : null),
  }
}

const counting: Reporter = {
  onTestRunEnd(modules) {
    const counts = modules.map(({ project, children }) => {
      const states = [...children.allTests()].map((test) => test.result().state)
      const failed = states.filter((state) => state === 'failed').length
      return { at: Number(project.name), ran: states.length, failed }
    })
    writeFileSync(FAILURES, JSON.stringify(counts))
  },
}

export default defineConfig({
  root: home,
  test: {
    reporters: [counting],
    projects: planted.map((changes, at) => ({
      root: home,
      plugins: [plant(changes)],
      // Whatever else the machine does: what takes long is no bug.
      test: { name: String(at), include: [path.join('src', UNIT_TESTS)], testTimeout: 120_000 },
    })),
  },
})
