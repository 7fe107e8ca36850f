import { type Finding, lineAt, type Rule } from '../tree.ts'

// Folders of one machine. In parts, so that the rule does not find itself.
const folders = ['work', 'root', 'home/[a-z]+', 'Users/[A-Za-z]+']
const machinePath = new RegExp(`(?<![\\w.@~/-])/(${folders.join('|')})/[\\w.]`, 'g')

const text = /\.(ts|tsx|mjs|js|json|ya?ml|md|proto|css|sh)$|(^|\/)[^.]+$/

/** What names a path of its writer's machine is broken everywhere else. */
export const machinePathsRule: Rule = (tree) => {
  const findings: Finding[] = []
  for (const file of tree.files.filter((name) => text.test(name) && name !== 'pnpm-lock.yaml'))
    for (const match of tree.read(file).matchAll(machinePath)) {
      const line = lineAt(tree.read(file), match.index)
      findings.push({ file, line, message: `"${match[0]}…" exists on one machine only.` })
    }
  return findings
}
