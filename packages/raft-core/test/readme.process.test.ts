import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'

const root = new URL('..', import.meta.url).pathname

it('the example in the README does what it says', async () => {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const example = /```ts\n(import [\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const doors = { testing: 'testing/index.ts', wal: 'wal/index.ts' }
  const source = example.replaceAll(/'@quorail\/raft-core(?:\/(\w+))?'/g, (_, door?: string) => {
    const file = door === undefined ? 'index.ts' : doors[door as keyof typeof doors]
    return `'${root}src/${file}'`
  })
  expect(source).toContain('RaftNode.open')
  mkdirSync(`${root}.reports`, { recursive: true })
  writeFileSync(`${root}.reports/readme-example.ts`, source)
  const lines: unknown[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line))
  try {
    await import(`${root}.reports/readme-example.ts`)
  } finally {
    log.mockRestore()
  }
  expect(lines[0]).toMatchObject({ index: 3, result: 42 })
  expect(lines[1]).toBeGreaterThanOrEqual(3)
  expect(example.split('\n').length).toBeLessThan(55)
})
