/**
 * `pnpm bench record`: measures one subject after the other, each in a process of its own, and writes the figures, their
 * pictures and their page. What was measured of this commit already is left as it is, so that it goes on where it was
 * stopped.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withCleanup } from '../harness/cleanup.ts'
import { guardProcesses } from '../harness/guard.ts'
import { describeCommit, isBusy } from '../harness/machine.ts'
import { UsageError } from '../options.ts'
import { picturesOf } from '../plots/pictures.ts'
import { readReport } from '../plots/read-report.ts'
import { parseRecord, type RecordOptions, recordHelp } from './options.ts'
import { inHours, minutesOf, type Order } from './orders.ts'
import { pageWith, type Recorded } from './page.ts'

export async function runRecord(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    console.log(recordHelp)
    return 0
  }
  const options = parseRecord(words, console.error)
  const { orders, out, page } = options
  // Before an hour is spent on it: it must be a page that can be written.
  pageWith(readFileSync(page, 'utf8'), [], [])
  mkdirSync(out, { recursive: true })
  guardProcesses()
  const failed: string[] = []
  const isThere = ({ name }: Order) =>
    !options.again && isOfThisCommit(path.join(out, `${name}.json`))
  console.error(`About ${inHours(minutesOf(orders.filter((order) => !isThere(order))))}.`)
  for (const order of orders) {
    const file = path.join(out, `${order.name}.json`)
    if (isThere(order)) console.error(`${order.name}: there already`)
    else if (!(await measureOne(order, file, options))) failed.push(order.name)
  }
  const recorded = orders
    .filter(({ name }) => !failed.includes(name))
    .map(({ name }) => recordedFrom(name, path.join(out, `${name}.json`)))
  write(options, recorded)
  for (const name of failed) console.error(`${name} could not be measured: see above.`)
  return failed.length === 0 ? 0 : 1
}

async function measureOne(order: Order, file: string, options: RecordOptions): Promise<boolean> {
  await quiet(options.waitMinutes)
  const words = [order.subject, ...order.words, ...options.pace]
  console.error(`${order.name}, about ${inHours(order.minutes)}: pnpm bench ${words.join(' ')}`)
  const main = path.join(import.meta.dirname, '../main.ts')
  return withCleanup((cleanup) => {
    const child = spawn(process.execPath, [main, ...words, '--json', file], { stdio: 'inherit' })
    const ended = new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false))
      child.once('close', (code) => resolve(code === 0))
    })
    cleanup.add(async () => {
      child.kill('SIGTERM')
      await ended
    })
    return ended
  })
}

/** The load of the last minute is that of the subject before, too: it is waited for. */
async function quiet(minutes: number): Promise<void> {
  const load = (): number => os.loadavg()[0] ?? 0
  const until = performance.now() + minutes * 60_000
  while (isBusy(load()) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  if (isBusy(load()))
    console.error(`! The machine is not quiet: load ${load().toFixed(2)}. The page will say so.`)
}

function isOfThisCommit(file: string): boolean {
  if (!existsSync(file)) return false
  const { hash } = describeCommit(import.meta.dirname)
  try {
    const { commit } = readReport(file)
    return hash !== undefined && commit.hash === hash && !commit.modified
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

function recordedFrom(name: string, file: string): Recorded {
  const report = readReport(file)
  // Two parts of one subject do not share their pictures.
  const ownName = (of: string) =>
    of.startsWith(name) ? of : of.replace(report.subject, () => name)
  const pictures = picturesOf(report).map((one) => ({ ...one, name: ownName(one.name) }))
  return { name, report, pictures }
}

function write({ page, allNames }: RecordOptions, recorded: readonly Recorded[]): void {
  const folder = path.join(path.dirname(page), '../pictures')
  mkdirSync(folder, { recursive: true })
  for (const { name, svg } of recorded.flatMap(({ pictures }) => pictures))
    writeFileSync(path.join(folder, `bench-${name}.svg`), svg)
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), recorded, allNames))
  console.log(`${recorded.length} parts of ${path.relative(process.cwd(), page)} written`)
}
