import { type SyntaxNode, syntaxOf, walk } from '../syntax.ts'
import { type Finding, isSource, isTest, lineAt, type Rule } from '../tree.ts'

const testers = new Set(['test', 'it', 'describe', 'suite'])
const marks = new Set(['only', 'skip', 'todo', 'fixme', 'fails'])

/** A test that does not run says "passed" to nobody's question. What depends on the machine uses `skipIf`. */
export const focusedTestsRule: Rule = (tree) => {
  const findings: Finding[] = []
  for (const file of tree.files.filter((name) => isSource(name) && isTest(name))) {
    for (const [node] of walk(syntaxOf(tree, file))) {
      if (node.type !== 'MemberExpression' || node.computed === true) continue
      const mark = String((node.property as SyntaxNode).name)
      if (!marks.has(mark) || !testers.has(rootName(node))) continue
      const line = lineAt(tree.read(file), node.start)
      findings.push({ file, line, message: `.${mark}: every test runs, or is deleted.` })
    }
  }
  return findings
}

/** `test.describe.only` is as much about `test` as `test.only` is. */
function rootName(node: SyntaxNode): string {
  let object = node
  while (object.type === 'MemberExpression') object = object.object as SyntaxNode
  return object.type === 'Identifier' ? String(object.name) : ''
}
