import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

// What is worth a look but no failure: found by the tidy tests, shown at the end of `npm test`.
const fileOf = (root: string): string => path.join(root, 'tools/.reports/warnings/tidy.json')

export function writeWarnings(root: string, warnings: readonly string[]): void {
  mkdirSync(path.dirname(fileOf(root)), { recursive: true })
  writeFileSync(fileOf(root), JSON.stringify(warnings))
}

export function readWarnings(root: string): readonly string[] {
  if (!existsSync(fileOf(root))) return []
  return JSON.parse(readFileSync(fileOf(root), 'utf8')) as string[]
}
