import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)

test('the page of faults names tests that there are, and a way to mend each', () => {
  const page = readFileSync(new URL('docs/operating/faults.md', root), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| [a-z]/.test(line) && !/^\| fault/.test(line))
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) {
    const cells = row.split('|').map((cell) => cell.trim())
    expect(cells, row).toHaveLength(6)
    expect(cells.slice(1, 5), row).not.toContain('')
    const files = [...(cells[4] ?? '').matchAll(/`([^`]+\.ts)`/g)]
    expect(files.length, row).toBeGreaterThan(0)
    for (const [, file = ''] of files)
      expect(existsSync(fileURLToPath(new URL(file, root))), file).toBe(true)
  }
})
