import { importsOf, type SyntaxNode, syntaxOf, walk } from '../syntax.ts'
import { type Finding, isSource, isTest, lineAt, type Rule } from '../tree.ts'

// The same log must give the same bytes on every node, and the simulator must drive exactly what runs in
// production: so the two packages take time, randomness and the outside world as inputs. The compiler
// (types: []) and Biome see most of it; this rule sees the rest.
const pure = ['packages/raft-core/src/', 'packages/booking-fsm/src/']

/** The adapters of raft-core to Node: the only place of it where `node:` may stand. */
const adapter = /^packages\/raft-core\/src\/(wal|tcp)\/node-[^/]*\.ts$/

const deniedNames: Readonly<Record<string, string>> = {
  Date: 'take the time as an input',
  Intl: 'a locale must not decide a result',
  Temporal: 'take the time as an input',
  performance: 'take the time as an input',
  setTimeout: 'timers are a port',
  setInterval: 'timers are a port',
  setImmediate: 'timers are a port',
  queueMicrotask: 'timers are a port',
  globalThis: 'the host is not to be seen',
}

// Exactly defined by the language. sin, pow, exp and their like differ from engine to engine.
const exactMath = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '),
)

export const purityRule: Rule = (tree) => {
  const findings: Finding[] = []
  for (const file of tree.files) {
    if (!isSource(file) || isTest(file) || adapter.test(file)) continue
    if (!pure.some((folder) => file.startsWith(folder))) continue
    for (const { specifier, line } of importsOf(tree, file))
      if (specifier.startsWith('node:'))
        findings.push({
          file,
          line,
          message: `${specifier}: only the node-*.ts adapters of raft-core may.`,
        })
    for (const [node, parent] of walk(syntaxOf(tree, file))) {
      const message = problemOf(node, parent)
      if (message === undefined) continue
      findings.push({ file, line: lineAt(tree.read(file), node.start), message })
    }
  }
  return findings
}

function problemOf(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === 'Identifier' && isReference(node, parent)) {
    const name = String(node.name)
    if (Object.hasOwn(deniedNames, name)) return `${name}: ${deniedNames[name]}.`
  }
  if (node.type !== 'MemberExpression' || node.computed === true) return undefined
  const object = node.object as SyntaxNode
  const property = String((node.property as SyntaxNode).name)
  if (object.type === 'Identifier' && object.name === 'Math' && /^[a-z]/.test(property)) {
    if (property === 'random') return 'Math.random: randomness is a port.'
    if (!exactMath.has(property))
      return `Math.${property}: its last digits differ between engines; use integers.`
  }
  if (/^(localeCompare|toLocale\w+)$/.test(property))
    return `${property}: a locale must not decide a result.`
  return undefined
}

/** Not the name of a property or of a key, where it means nothing. */
function isReference(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return true
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed === true
  if ('key' in parent && parent.key === node) return parent.computed === true
  return true
}
