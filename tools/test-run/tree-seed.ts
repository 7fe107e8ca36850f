import { createHash } from 'node:crypto'
import type { Tree } from '../tidy/tree.ts'

// What installing, building and testing leave behind beside the repository's own files.
const made = /(^|\/)next-env\.d\.ts$|\.tsbuildinfo$|\.log$/

// Words and pictures run nothing: figures that were measured on a tree can be written down beside it.
const told = /\.md$|^docs\/pictures\//

/** A seed that is another with any change of what can run in the tree, and the same for the same tree: 1 to 2^31 - 1. */
export function treeSeed(tree: Tree): number {
  const hash = createHash('sha256')
  for (const file of tree.files.filter((name) => !made.test(name) && !told.test(name)))
    hash.update(`${file}\n`).update(createHash('sha256').update(tree.read(file)).digest())
  return (hash.digest().readUInt32BE(0) % (2 ** 31 - 1)) + 1
}
