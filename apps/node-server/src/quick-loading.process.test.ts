import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const hook = new URL('./quick-loading.ts', import.meta.url).href
const schema = new URL('./storage/schema.ts', import.meta.url).href
const program = `
  const { rowTables } = await import('${schema}')
  const { flushCompileCache, getCompileCacheDir } = await import('node:module')
  flushCompileCache()
  console.log(JSON.stringify({ tables: rowTables.length, cache: getCompileCacheDir() ?? '' }))`

interface Loaded {
  readonly tables: number
  readonly cache: string
}

function load(environment: NodeJS.ProcessEnv, ...words: string[]): Loaded {
  const all = [...words, '--input-type=module', '-e', program]
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, ...environment }
  return JSON.parse(execFileSync(process.execPath, all, { encoding: 'utf8', env })) as Loaded
}

test('the modules are the same ones, and their compiled code is kept below the installation', () => {
  const plain = load({})
  const quick = load({}, '--import', hook)
  expect(quick.tables).toBe(plain.tables)
  expect(plain.cache).toBe('')
  expect(quick.cache).toContain(
    fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
  )
  expect(existsSync(quick.cache)).toBe(true)
})

test('another folder may be named for it, and one that can not be written does no harm', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-compiled-'))
  try {
    expect(load({ NODE_COMPILE_CACHE: folder }, '--import', hook).cache).toContain(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const nowhere = load({ NODE_COMPILE_CACHE: '/dev/null/compiled' }, '--import', hook)
  expect(nowhere.tables).toBeGreaterThan(10)
})
