import { expect, test } from 'vitest'
import type { Tree } from '../tidy/tree.ts'
import { treeSeed } from './tree-seed.ts'

function treeOf(contents: Readonly<Record<string, string>>): Tree {
  const files = Object.keys(contents).sort()
  return {
    root: '',
    files,
    read: (file) => contents[file] ?? '',
    has: (name) => files.includes(name),
  }
}

const files = { 'a.ts': '1', 'apps/web/b.ts': '2' }

test('the same tree has the same seed, whatever was built in it', () => {
  const seed = treeSeed(treeOf(files))
  expect(seed).toBeGreaterThan(0)
  expect(seed).toBeLessThan(2 ** 31)
  expect(treeSeed(treeOf({ ...files, 'apps/web/next-env.d.ts': 'x', 'x.tsbuildinfo': '' }))).toBe(
    seed,
  )
})

test('words and pictures make no other one', () => {
  const documented = { ...files, 'README.md': 'x', 'docs/pictures/plot.svg': '<svg/>' }
  expect(treeSeed(treeOf(documented))).toBe(treeSeed(treeOf(files)))
})

test.each([
  [{ 'a.ts': '1', 'apps/web/b.ts': '3' }],
  [{ 'a.ts': '1', 'apps/web/c.ts': '2' }],
  [{ 'a.ts': '1' }],
  [{ 'a.ts': '1apps', 'web/b.ts': '2' }],
])('any change makes another: %j', (other) => {
  expect(treeSeed(treeOf(other))).not.toBe(treeSeed(treeOf(files)))
})
