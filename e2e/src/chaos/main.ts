/** `pnpm chaos`: see `options.ts` for what it takes and what its exit codes mean. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type ChaosOptions, type FaultKind, help, parseOptions, UsageError } from './options.ts'
import { renderResult } from './report.ts'
import { type ChaosResult, needsShim, runChaos, runControl } from './run.ts'
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
  const results = options.control
    ? { control: await runControl(options.seed) }
    : await runGroups(options)
  for (const [name, result] of Object.entries(results)) {
    if (options.out !== undefined) writeOut(path.join(options.out, name), result)
  }
  if (options.json) {
    const verdicts = Object.entries(results).map(([name, { history: _history, ...rest }]) => [
      name,
      rest,
    ])
    console.log(JSON.stringify(Object.fromEntries(verdicts), undefined, 2))
  } else console.log(Object.values(results).map(renderResult).join('\n\n'))
  return options.control ? controlCode(results.control as ChaosResult) : exitCode(results)
}

/** Whatever is done to disks has a cluster of its own: there the nodes run behind the shim. */
async function runGroups(options: ChaosOptions): Promise<Record<string, ChaosResult>> {
  const results: Record<string, ChaosResult> = {}
  const groups = {
    processes: (kind: FaultKind) => !needsShim(kind) && kind !== 'snapshot',
    snapshots: (kind: FaultKind) => kind === 'snapshot',
    power: needsShim,
  }
  for (const [name, isIn] of Object.entries(groups)) {
    const faults = options.faults.filter(isIn)
    if (faults.length === 0) continue
    results[name] = await runChaos({ ...options, faults }, (line) => console.error(line))
  }
  return results
}

function exitCode(results: Readonly<Record<string, ChaosResult>>): number {
  const all = Object.values(results)
  if (all.some(({ findings }) => findings.length > 0)) return 1
  return all.some(({ worthless }) => worthless.length > 0) ? 3 : 0
}

/** Lost bookings are what the control is for. */
function controlCode({ findings }: ChaosResult): number {
  const lost = findings.filter(({ code }) => code === 'lost').length
  console.error(lost > 0 ? `the control lost bookings, as it must: ${lost}` : 'nothing was lost')
  return lost > 0 ? 0 : 1
}

function writeOut(folder: string, { history, ...verdicts }: ChaosResult): void {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text)
  const { operations, ...final } = history
  write('history.jsonl', operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''))
  write('final.json', `${JSON.stringify(final)}\n`)
  write('verdicts.json', `${JSON.stringify(verdicts, undefined, 2)}\n`)
}
