/** Histories for hours, in several threads, until so many commands were compared. */
import { Worker } from 'node:worker_threads'
import { addCounts, openReport, type Report, saveReport } from './report.ts'
import type { Done, Work } from './worker.ts'

export interface LongRun {
  readonly seed: number
  readonly workers: number
  /** Of all runs that the file tells of. */
  readonly commands: number
  readonly file: string
  readonly isContinued: boolean
}

const LINE_MS = 60_000
/** Most of what a step makes is gone behind it; and no history needs a quarter of this. */
const resourceLimits = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 2_048 }

/** True if machine and model never differed. */
export async function runLong(options: LongRun): Promise<boolean> {
  const { file, commands } = options
  const report = openReport(file, options.seed, options.isContinued)
  const run = { startedAt: new Date().toISOString(), commands: 0, seconds: 0 }
  report.runs.push(run)
  const [startedMs, secondsBefore] = [Date.now(), report.seconds]
  const save = () => {
    run.seconds = Math.round((Date.now() - startedMs) / 1_000)
    report.seconds = secondsBefore + run.seconds
    saveReport(file, report)
  }
  const line = () => {
    save()
    console.log(lineOf(report, run, commands))
  }
  const timer = setInterval(line, LINE_MS)
  const stop = new AbortController()
  const stopped = () => stop.abort()
  process.once('SIGINT', stopped).once('SIGTERM', stopped)
  const again = [...report.open]
  const isOver = () => stop.signal.aborted || report.commands >= commands
  const done = (of: Done) => {
    report.open = report.open.filter((it) => it !== of.history)
    report.histories++
    run.commands += of.counts.commands
    addCounts(report, of.counts)
    if (of.found === '') return
    const { history, found, log } = of
    report.differences.push({ history, found: found.slice(0, 2_000), log })
    console.log(`history ${history}: ${found.split('\n')[0]} (${log})`)
    save()
  }
  const next = (): number | undefined => {
    if (isOver()) return undefined
    const history = again.shift() ?? report.next++
    if (!report.open.includes(history)) report.open.push(history)
    return history
  }
  const data = { seed: report.seed, file }
  const threads = Array.from({ length: options.workers }, () => work(data, next, done, stop.signal))
  await Promise.all(threads)
  clearInterval(timer)
  process.off('SIGINT', stopped).off('SIGTERM', stopped)
  line()
  return report.differences.length === 0
}

/** What is being played when it is stopped counts for nothing, and is begun again by the next run. */
function work(
  data: Work,
  next: () => number | undefined,
  done: (of: Done) => void,
  stop: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits,
    })
    const end = () => void thread.terminate().then(() => resolve(), reject)
    const give = () => {
      const history = next()
      if (history === undefined) end()
      else thread.postMessage(history)
    }
    stop.addEventListener('abort', end, { once: true })
    thread.on('error', reject)
    thread.on('message', (of: Done) => {
      done(of)
      give()
    })
    give()
  })
}

function lineOf(report: Report, run: Report['runs'][number], aim: number): string {
  const { histories, commands, refusals, differences } = report
  const refused = Object.values(refusals).reduce((sum, of) => sum + of, 0)
  const percent = Math.round((100 * refused) / Math.max(1, commands))
  const perSecond = Math.round(run.commands / Math.max(1, run.seconds))
  return [
    `${commands} commands of ${aim} in ${histories} histories`,
    `${perSecond} a second`,
    `${percent} % refused with ${Object.keys(refusals).length} codes`,
    `${Object.keys(report.kinds).length} kinds`,
    `${differences.length} differences`,
  ].join(', ')
}
