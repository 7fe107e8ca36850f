import path from 'node:path'
import { type Finding, lineAt, type Rule, type Tree } from '../tree.ts'

/** A link of a Markdown page to a file or heading of the repository leads somewhere. */
export const linksRule: Rule = (tree) => {
  const findings: Finding[] = []
  for (const file of tree.files.filter((name) => name.endsWith('.md'))) {
    // Code is blanked out, not removed, so that the lines stay right.
    const content = tree
      .read(file)
      .replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, ' '))
    for (const match of content.matchAll(
      /\]\(([^)\s]+)(?:\s+"[^"]*")?\)|<(?:img|a)\s[^>]*?(?:src|href)="([^"]+)"/g,
    )) {
      const target = match[1] ?? match[2] ?? ''
      const message = problemOf(tree, file, target)
      if (message !== undefined)
        findings.push({ file, line: lineAt(content, match.index), message })
    }
  }
  return findings
}

function problemOf(tree: Tree, file: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined // another place: not ours to keep
  const [name = '', heading] = target.split('#')
  const linked = name === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(name))
  if (linked.startsWith('..')) return `"${target}" leads out of the repository.`
  if (!tree.has(linked)) return `"${target}" leads to nothing.`
  if (heading === undefined || !linked.endsWith('.md')) return undefined
  if (headingsOf(tree.read(linked)).includes(heading)) return undefined
  return `"${target}": the page has no such heading.`
}

/** As GitHub names them: lower case, without punctuation, spaces as hyphens. */
function headingsOf(content: string): readonly string[] {
  return [...content.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}
