/** `pnpm bench plots FILE.json…`: pictures of what was measured. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryFolder } from '../../../tools/product/repository.ts'
import { UsageError } from '../options.ts'
import { drawnSubjects, picturesOf } from './pictures.ts'
import { readReport } from './read-report.ts'

export const plotsSummary = 'FILE.json…: pictures of what --json wrote (--out DIR: docs/pictures)'

export function runPlots(words: readonly string[]): void {
  const { files, out } = parse(words)
  // All of them are looked at before the first one is written.
  const pictures = files.flatMap((file) => {
    const report = readReport(file)
    const own = picturesOf(report)
    if (own.length > 0) return own
    const why = drawnSubjects.includes(report.subject)
      ? `nothing in it is drawn`
      : `only ${drawnSubjects.join(', ')} are drawn`
    throw new UsageError(`${path.basename(file)} is of bench ${report.subject}: ${why}.`)
  })
  mkdirSync(out, { recursive: true })
  for (const { name, svg } of pictures) {
    const file = path.join(out, `bench-${name}.svg`)
    writeFileSync(file, svg)
    console.log(path.relative(process.cwd(), file))
  }
}

function parse(words: readonly string[]): { files: readonly string[]; out: string } {
  const options = { out: { type: 'string' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
    if (positionals.length === 0) throw new UsageError('bench plots needs a file of --json.')
    return { files: positionals, out: values.out ?? path.join(repositoryFolder, 'docs/pictures') }
  } catch (error) {
    if (error instanceof UsageError) throw error
    const why = error instanceof Error ? error.message.split('. ', 1)[0] : String(error)
    throw new UsageError(`bench plots: ${why}.`)
  }
}
