import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** The browser tests by name, asked of Playwright, which needs no browser for that. */
export function listBrowserTests(root: string): readonly string[] {
  const list = spawnSync(
    path.join(root, 'node_modules/.bin/node'),
    ['node_modules/@playwright/test/cli.js', 'test', '--list'],
    { cwd: path.join(root, 'e2e'), encoding: 'utf8' },
  )
  return list.stdout
    .split('\n')
    .filter((line) => line.includes(' › '))
    .map((line) => line.trim())
}
