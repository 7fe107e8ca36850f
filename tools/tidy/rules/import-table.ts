import { importsOf } from '../syntax.ts'
import { type Finding, isSource, isTest, type Rule, type Tree } from '../tree.ts'

/**
 * Who may import whom. Changed by a decision record (docs/decisions) only: the walls are what lets each room be
 * rebuilt alone. Development dependencies, that is tests, are outside it.
 */
export const importTable: Readonly<Record<string, readonly string[] | 'anything public'>> = {
  'packages/raft-core': [],
  'packages/booking-fsm': [],
  'packages/proto': [],
  'packages/cluster-client': ['@quorail/proto'],
  'apps/llm-gateway': ['@quorail/proto'],
  'apps/node-server': [
    '@quorail/raft-core',
    '@quorail/booking-fsm',
    '@quorail/proto',
    '@quorail/cluster-client',
  ],
  // Another company's system: it knows nothing of ours (docs/decisions/0002-payment-sandbox-app.md).
  'apps/payment-sandbox': [],
  'apps/web': ['@quorail/cluster-client', '@quorail/proto'],
  e2e: 'anything public',
  bench: 'anything public',
  tools: 'anything public',
}

interface Manifest {
  readonly name?: string
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

export const importTableRule: Rule = (tree) => {
  const findings: Finding[] = []
  for (const file of tree.files.filter(isSource)) {
    const owner = ownerOf(file)
    if (owner === undefined) continue
    for (const { specifier, line } of importsOf(tree, file)) {
      const problem = specifier.startsWith('.')
        ? problemOfRelative(file, owner, specifier)
        : problemOfPackage(tree, file, owner, specifier)
      if (problem !== undefined) findings.push({ file, line, message: problem })
    }
  }
  return [...findings, ...unlistedPackages(tree)]
}

const ownerOf = (file: string): string | undefined =>
  Object.keys(importTable).find((folder) => file.startsWith(`${folder}/`))

/** What runs a package's source, so that a fresh checkout needs no build: one file, which says so. */
const runFromSource: Readonly<Record<string, string>> = {
  'tools/scenarios/raft-core.ts': 'packages/raft-core/src/core/',
}

/** Through a relative path nobody leaves a package, except to the helpers that tests share. */
function problemOfRelative(file: string, owner: string, specifier: string): string | undefined {
  const target = resolve(file, specifier)
  if (target.startsWith(`${owner}/`) || !specifier.startsWith('..')) return undefined
  if (runFromSource[file] !== undefined && target.startsWith(runFromSource[file])) return undefined
  // Both run the whole product, as the tools start it.
  const runsProduct = owner === 'e2e' || owner === 'bench'
  const sharedByTests = runsProduct ? 'tools/' : 'tools/testing/'
  if (target.startsWith(sharedByTests) && (runsProduct || isTest(file))) return undefined
  return `"${specifier}" leaves ${owner}: enter other packages by their name and exports.`
}

function problemOfPackage(tree: Tree, file: string, owner: string, specifier: string) {
  if (/^(node:|@\/)/.test(specifier)) return undefined
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const allowed = importTable[owner]
  if (name.startsWith('@quorail/') && !isTest(file) && Array.isArray(allowed)) {
    if (name === nameOf(tree, owner)) return undefined
    if (!allowed.includes(name))
      return `${owner} may not import ${name}; it may import ${allowed.join(', ') || 'nothing of ours'}.`
  }
  const manifest = manifestOf(tree, owner === 'tools' ? '' : owner)
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest
  if (name in dependencies || name in optionalDependencies || name === manifest.name)
    return undefined
  if (name in devDependencies && (isTest(file) || allowed === 'anything public')) return undefined
  const shipped = name in devDependencies ? 'only a devDependency' : 'no dependency'
  return `${name} is ${shipped} of ${owner}: it would be found here by luck, and not by a user.`
}

/** The two packages that others import on the promise that they bring nothing along. */
const withoutDependencies = ['packages/raft-core', 'packages/booking-fsm']

function unlistedPackages(tree: Tree): readonly Finding[] {
  const findings: Finding[] = []
  for (const file of tree.files.filter((name) => name.endsWith('/package.json'))) {
    const folder = file.slice(0, -'/package.json'.length)
    if (!(folder in importTable))
      findings.push({
        file,
        line: 1,
        message: `${folder} is not in the import table (tools/tidy).`,
      })
    const { dependencies = {} } = manifestOf(tree, folder)
    if (withoutDependencies.includes(folder) && Object.keys(dependencies).length > 0)
      findings.push({ file, line: 1, message: `${folder} has no dependencies, and keeps none.` })
  }
  return findings
}

const nameOf = (tree: Tree, owner: string): string | undefined => manifestOf(tree, owner).name

function manifestOf(tree: Tree, folder: string): Manifest {
  const file = folder === '' ? 'package.json' : `${folder}/package.json`
  return tree.has(file) ? (JSON.parse(tree.read(file)) as Manifest) : {}
}

function resolve(file: string, specifier: string): string {
  const parts = file.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
