/**
 * Lets an example that imports this package by its name run over the sources:
 * `node --import ./test/readme-from-source.ts examples/counter.ts`. Without it the package as built is
 * taken, as for anyone else.
 */
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const door = /^@quorail\/raft-core(?:\/(\w+))?$/.exec(specifier)
    if (door === null) return next(specifier, context)
    const file = door[1] === undefined ? 'index.ts' : `${door[1]}/index.ts`
    return next(new URL(`../src/${file}`, import.meta.url).href, context)
  },
})
