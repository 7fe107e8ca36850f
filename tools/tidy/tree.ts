import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The repository's own files, as the rules see them; a test gives them a small one of its own. */
export interface Tree {
  readonly root: string
  /** Relative to the root, with forward slashes, in a fixed order. */
  readonly files: readonly string[]
  read(file: string): string
  has(fileOrFolder: string): boolean
}

/** One thing to mend, with the place and the way. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly message: string
}

export type Rule = (tree: Tree) => readonly Finding[]

// Made by tools, or not ours.
const skippedFolders = new Set([
  ...['node_modules', 'dist', 'gen', 'vendor'],
  ...['.git', '.next', '.turbo', '.reports', '.quorail'],
  ...['screenshots', 'test-results', 'playwright-report'],
])

export function openTree(root: string): Tree {
  const files: string[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) visit(name)
      } else if (entry.isFile()) files.push(name)
    }
  }
  visit('')
  const contents = new Map<string, string>()
  return {
    root,
    files: files.sort(),
    read: (file) => {
      const known = contents.get(file)
      if (known !== undefined) return known
      const content = readFileSync(path.join(root, file), 'utf8')
      contents.set(file, content)
      return content
    },
    has: (name) => existsSync(path.join(root, name)),
  }
}

export const isSource = (file: string): boolean => /\.(ts|tsx|mts|mjs|js)$/.test(file)

/** Tests, their helpers and the configurations of tools are no part of what a package ships. */
export const isTest = (file: string): boolean =>
  /\.(test|spec)(-d)?\.tsx?$|\.config\.(ts|mjs)$/.test(file) || /(^|\/)(test|tests)\//.test(file)

export function lineAt(content: string, offset: number): number {
  let line = 1
  for (let at = content.indexOf('\n'); at !== -1 && at < offset; at = content.indexOf('\n', at + 1))
    line += 1
  return line
}
