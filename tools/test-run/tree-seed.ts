import { createHash } from 'node:crypto'
import type { Tree } from '../tidy/tree.ts'

// What installing, building and testing leave behind beside the repository's own files.
const made = /(^|\/)next-env\.d\.ts$|\.tsbuildinfo$|\.log$/

/** A seed that is another with any change of the tree, and the same for the same tree: 1 to 2^31 - 1. */
export function treeSeed(tree: Tree): number {
  const hash = createHash('sha256')
  for (const file of tree.files.filter((name) => !made.test(name)))
    hash.update(`${file}\n`).update(createHash('sha256').update(tree.read(file)).digest())
  return (hash.digest().readUInt32BE(0) % (2 ** 31 - 1)) + 1
}
