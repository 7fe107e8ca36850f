/** docs/concepts/booking.md says what there is: its table is compared with the commands, the API and the tests. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { levelOf } from './dispatch.ts'
import * as everything from './index.ts'

const root = new URL('../../../', import.meta.url)

/** What a small railway can not do without, and what it should not have to. */
const musts = [
  1, 2, 6, 7, 8, 9, 10, 11, 13, 14, 16, 17, 19, 21, 22, 23, 24, 25, 27, 28, 29, 30, 32, 33, 34, 35,
  36, 39, 40, 41, 42, 43, 44, 45, 46, 47, 50, 51, 53,
]
const shoulds = [3, 4, 15, 18, 26, 31, 37]
/** Not there yet; the page says so below its table. */
const waiting: readonly number[] = []

const rows = readFileSync(new URL('docs/concepts/booking.md', root), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [, number = '', feature = '', commands = '', tests = ''] = line
      .split(' | ')
      .join('|')
      .split('|')
    return { number: Number(number), feature: feature.trim(), commands, tests }
  })

const files = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.includes('node_modules'),
  )
const tests = new Set(
  ['packages', 'apps', 'e2e', 'bench', 'tools']
    .flatMap(files)
    .map((path) => basename(path))
    .filter((name) => /\.(test|spec)\.ts$/.test(name)),
)
const client = readFileSync(new URL('packages/cluster-client/src/index.ts', root), 'utf8')
const rpcs = new Set(
  files('packages/proto/proto')
    .filter((path) => path.endsWith('.proto'))
    .flatMap((path) => [
      ...readFileSync(new URL(`packages/proto/proto/${path}`, root), 'utf8').matchAll(
        /(?:rpc|service) (\w+)[( ]/g,
      ),
    ])
    .map(([, name]) => name),
)

describe('the table of features', () => {
  it('has a row for each that is needed', () => {
    const there = rows.map(({ number }) => number)
    const missing = [...musts, ...shoulds].filter((number) => !there.includes(number))
    expect(missing.sort((a, b) => a - b)).toEqual(waiting)
    expect(there).toEqual([...there].sort((a, b) => a - b))
  })

  it.each(rows)('$number $feature: its commands and calls exist', ({ commands }) => {
    const names = [...commands.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
    const known = (name: string) =>
      levelOf(name) !== undefined || name in everything || client.includes(name) || rpcs.has(name)
    expect(names.filter((name) => !known(name))).toEqual([])
    expect(commands.trim()).not.toBe('')
  })

  it.each(rows)('$number $feature: its tests exist', ({ tests: cell }) => {
    const names = [...cell.matchAll(/`([\w.-]+\.(?:test|spec)\.ts)`/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !tests.has(name))).toEqual([])
  })
})
