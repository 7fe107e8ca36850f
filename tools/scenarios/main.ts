/**
 * etcd-format Raft scenarios on the command line.
 *
 *   pnpm scenarios DIR [--verbose]
 *
 * Without DIR: the folder that QUORAIL_SCENARIOS_DIR names.
 *
 * Runs every `*.txt` under DIR against raft-core: files of etcd's quorum and confchange packages
 * exactly, interaction files with the differences that are listed in differences.ts. Prints a line for
 * each file and `N passed, M failed`. Exit codes: 0 all passed, 1 some failed, 2 nothing to run.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type FileResult, runFile } from './run-file.ts'

const USAGE = 'usage: pnpm scenarios DIR [--verbose]'

function refuse(message: string): never {
  console.error(`${message}\n${USAGE}`)
  process.exit(2)
}

function readArguments(): { readonly folder: string; readonly verbose: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { verbose: { type: 'boolean' } },
      allowPositionals: true,
      args: process.argv.slice(2).filter((argument) => argument !== '--'),
    })
    const folder = positionals[0] ?? process.env.QUORAIL_SCENARIOS_DIR
    if (folder === undefined) return refuse('Name the folder with the scenario files.')
    if (positionals.length > 1) return refuse('Name one folder only.')
    return { folder, verbose: values.verbose === true }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function findFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) refuse(`There is no folder ${folder}.`)
  if (statSync(folder).isFile()) return [folder]
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.txt')).sort()
  if (files.length === 0) refuse(`There are no scenario files (*.txt) in ${folder}.`)
  return files.map((name) => path.join(folder, name))
}

function report(name: string, result: FileResult, verbose: boolean): void {
  const { mismatch, form, commands } = result
  if (mismatch === undefined) {
    console.log(`pass  ${name}${verbose ? `  (${form}, ${commands} commands)` : ''}`)
    return
  }
  console.log(`FAIL  ${name}:${mismatch.line}: ${mismatch.command}`)
  const found = verbose ? mismatch.found : mismatch.found.split('\n')[0]
  console.log(`        expected  ${mismatch.expected}\n        found     ${found}`)
}

const { folder, verbose } = readArguments()
const base = path.resolve(folder)
let failed = 0
const files = findFiles(base)
for (const file of files) {
  const name = path.relative(base, file) || path.basename(file)
  const result = runFile(readFileSync(file, 'utf8'), path.basename(path.dirname(file)))
  report(name, result, verbose)
  if (result.mismatch !== undefined) failed++
}
console.log(`\n${files.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
