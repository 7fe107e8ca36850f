import { randomInt } from 'node:crypto'
import path from 'node:path'
import { findBrowser } from '../browser.ts'
import { repositoryFolder as root } from '../product/repository.ts'
import { openTree } from '../tidy/tree.ts'
import { readWarnings } from '../tidy/warnings.ts'
import { listBrowserTests } from './browser-tests.ts'
import { failureLines, readFailures } from './failures.ts'
import { isTestTask, type Outcome, outcomeOf, total } from './outcome.ts'
import { add, type Counts, forgetReports, noTests, reportFile } from './reports.ts'
import { lastLine, resultTable } from './table.ts'
import { treeSeed } from './tree-seed.ts'
import { runTurbo } from './turbo.ts'

// What only reads the tree and computes runs side by side, one task for each core, since a test that
// waits for its turn is a test that runs into its time limit. So does what computes for minutes from a seed
// or in a page of Chromium: each takes one core. What starts processes runs afterwards, two at a time: much of
// it waits. Last comes what keeps a whole cluster busy and looks at the clock: alone in CI, where nothing may fail by chance;
// two at a time by hand, where a person waits.
const fast = ['build', 'lint', 'typecheck', 'test', 'lint:root', 'typecheck:root', 'test:tidy']
const together = [...fast, '--concurrency=100%']

const inCi = process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false'
const browser = findBrowser()
const inBrowser = (task: string) => ('path' in browser ? [task] : [])
const long = ['test:seeded', ...inBrowser('test:chromium'), '--concurrency=100%']
const processes = ['test:process', '--concurrency=2']
const alone = [...inBrowser('test:browser'), 'test:cluster', `--concurrency=${inCi ? 1 : 2}`]
const given = process.env.QUORAIL_SEED
// In CI the tree decides: a change is tried with seeds that nobody has tried, and what has passed once passes again.
const drawn = inCi ? treeSeed(openTree(root)) : randomInt(1, 2 ** 31 - 1)
const seeds = { unit: given ?? '1', run: given ?? String(drawn) }
const more = process.argv.slice(2)

console.log(`Seed of this run: ${seeds.run}   (again: QUORAIL_SEED=${seeds.run} npm test)`)
forgetReports(root)
const environment: Record<string, string> = { QUORAIL_RUN_SEED: seeds.run }
if ('path' in browser) environment.CHROMIUM_PATH = browser.path

const outcomes: Outcome[] = []
let exitCode = 0
for (const words of [together, long, processes, alone]) {
  const run = await runTurbo(root, [...words, ...more], environment)
  exitCode ||= run.exitCode
  for (const result of run.tasks) {
    // The second run comes across the first one's builds again.
    const known = outcomes.some((o) => o.package === result.package && o.task === result.task)
    if (!known) outcomes.push(outcomeOf(root, result))
  }
}

let notRun: Counts = noTests
console.log(`\n${resultTable(outcomes, seeds).join('\n')}`)
const warnings = readWarnings(root)
if (warnings.length > 0) console.log(`\n${warnings.map((line) => `  ! ${line}`).join('\n')}`)
if ('missing' in browser) {
  const names = listBrowserTests(root)
  notRun = inCi ? { ...noTests, failed: 1 } : { ...noTests, skipped: names.length }
  console.log(
    `\n${browser.missing} These tests did not run${inCi ? ', which CI counts as a failure' : ''}:`,
  )
  for (const name of names) console.log(`  ${name}`)
  console.log(browser.whatToDo)
}
const failures = outcomes
  .filter(isTestTask)
  .flatMap(({ folder, task }) => readFailures(root, reportFile(path.join(root, folder), task)))
if (failures.length > 0) console.log(`\n${failureLines(failures).join('\n')}`)
const counts = add(total(outcomes), notRun)
console.log(`\n${lastLine(counts)}`)
process.exitCode = counts.failed > 0 ? 1 : exitCode
