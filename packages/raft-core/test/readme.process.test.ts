/** What the README shows is what the tests run: each block of code in it is a file of examples/. */
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8')
const readme = read('README.md')
/** `<!-- examples/name.ts -->` stands above the block that shows that file. */
const blocks = [...readme.matchAll(/(?:<!-- (\S+) -->\n)?```ts\n([\s\S]*?)```/g)]
const examples = fs.readdirSync(path.join(root, 'examples')).map((name) => `examples/${name}`)

it('every block of code is an example, word for word', () => {
  expect(blocks.length).toBeGreaterThan(5)
  for (const [, file, code] of blocks) {
    expect(file, code).toBeDefined()
    expect(code).toBe(read(file ?? ''))
  }
})

it('every example is shown or named', () => {
  for (const example of examples) expect(readme).toContain(example)
})

it('the examples are as short as the README says', () => {
  const linesOf = (name: string) => read(`examples/${name}`).trimEnd().split('\n').length
  expect(linesOf('counter.ts')).toBeLessThanOrEqual(30)
  expect(linesOf('store.ts') + linesOf('key-value-store.ts')).toBeLessThan(100)
})

it('every door of the package is in the table', () => {
  for (const door of Object.keys(JSON.parse(read('package.json')).exports)) {
    if (door !== './package.json') expect(readme).toContain(`| \`${door}\` |`)
  }
})
