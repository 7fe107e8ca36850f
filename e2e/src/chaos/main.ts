/** `pnpm chaos`: see `options.ts` for what it takes and what its exit codes mean. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { help, parseOptions, UsageError } from './options.ts'
import { renderResult } from './report.ts'
import { type ChaosResult, runChaos } from './run.ts'
import { WorthlessRun } from './worthless-run.ts'

try {
  process.exitCode = await main(process.argv.slice(2).filter((word) => word !== '--'))
} catch (error) {
  const known = error instanceof UsageError || error instanceof WorthlessRun
  console.error(known ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : error instanceof WorthlessRun ? 3 : 1
}

async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words)
  if (options === 'help') {
    console.log(help)
    return 0
  }
  console.error(`seed ${options.seed}`)
  const result = await runChaos(options, (line) => console.error(line))
  if (options.out !== undefined) writeOut(options.out, result)
  const { history: _history, ...verdicts } = result
  console.log(options.json ? JSON.stringify(verdicts, undefined, 2) : renderResult(result))
  if (result.findings.length > 0) return 1
  return result.worthless.length > 0 ? 3 : 0
}

function writeOut(folder: string, { history, ...verdicts }: ChaosResult): void {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text)
  const { operations, ...final } = history
  write('history.jsonl', operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''))
  write('final.json', `${JSON.stringify(final)}\n`)
  write('verdicts.json', `${JSON.stringify(verdicts, undefined, 2)}\n`)
}
