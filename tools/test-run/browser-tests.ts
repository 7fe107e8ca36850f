import { spawnSync } from 'node:child_process'
import path from 'node:path'

/**
 * The browser tests by name, asked of Playwright, which needs no browser for that; those of raft-core
 * are its unit tests, which run in Node in any case, and count as one here.
 */
export function listBrowserTests(root: string): readonly string[] {
  const list = spawnSync(
    path.join(root, 'node_modules/.bin/node'),
    ['node_modules/@playwright/test/cli.js', 'test', '--list'],
    { cwd: path.join(root, 'e2e'), encoding: 'utf8' },
  )
  const named = list.stdout.split('\n').filter((line) => line.includes(' › '))
  return ["raft-core's unit tests in a browser", ...named.map((line) => line.trim())]
}
