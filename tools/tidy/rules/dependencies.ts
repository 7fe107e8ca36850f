import type { Finding, Rule } from '../tree.ts'

const record = 'docs/decisions/0001-toolchain.md'

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

/** Versions stand once, in the catalogue; why a library is here stands in the decision record. */
export const dependenciesRule: Rule = (tree) => {
  const findings: Finding[] = []
  const reasons = tree.has(record) ? tree.read(record) : ''
  for (const file of tree.files.filter((name) => /(^|\/)package\.json$/.test(name))) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      tree.read(file),
    ) as Manifest
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      const ours = name.startsWith('@quorail/')
      if (version !== (ours ? 'workspace:*' : 'catalog:'))
        findings.push({
          file,
          line: 1,
          message: `${name}: the version belongs in pnpm-workspace.yaml.`,
        })
      if (!ours && !reasons.includes(`\`${name}\``))
        findings.push({ file, line: 1, message: `${name} has no line in ${record}.` })
    }
  }
  return findings
}
