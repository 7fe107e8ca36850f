import { parseAst } from 'vitest/node'
import { lineAt, type Tree } from './tree.ts'

/** A node of the syntax tree (ESTree, with TypeScript's nodes). */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [property: string]: unknown
}

export interface Import {
  readonly specifier: string
  readonly line: number
  /** Gone when the program runs. */
  readonly typeOnly: boolean
}

const parsed = new WeakMap<Tree, Map<string, SyntaxNode>>()

export function syntaxOf(tree: Tree, file: string): SyntaxNode {
  const known = parsed.get(tree) ?? new Map<string, SyntaxNode>()
  parsed.set(tree, known)
  const lang = /\.m?js$/.test(file) ? 'js' : file.endsWith('x') ? 'tsx' : 'ts'
  const program = known.get(file) ?? (parseAst(tree.read(file), { lang }) as unknown as SyntaxNode)
  known.set(file, program)
  return program
}

/** Every node with its parent, outermost first. */
export function* walk(
  node: SyntaxNode,
  parent?: SyntaxNode,
): Generator<[SyntaxNode, SyntaxNode | undefined]> {
  yield [node, parent]
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) yield* walk(child, node)
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** What the file imports or exports from elsewhere, dynamic imports and import types included. */
export function importsOf(tree: Tree, file: string): readonly Import[] {
  const found: Import[] = []
  for (const [node] of walk(syntaxOf(tree, file))) {
    if (
      !/^(Import(Declaration|Expression)|Export(All|Named)Declaration|TSImportType)$/.test(
        node.type,
      )
    )
      continue
    const source = node.source as SyntaxNode | null | undefined
    if (source === null || source === undefined || typeof source.value !== 'string') continue
    const typeOnly =
      node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType'
    found.push({ specifier: source.value, line: lineAt(tree.read(file), node.start), typeOnly })
  }
  return found
}
