import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'

const command = path.join(import.meta.dirname, '../sim.mjs')

/**
 * Runs many seeds, spread over worker processes that share nothing. Gives the reports in the order of
 * `runs`; after the first violation the others are stopped.
 */
export async function runInWorkers(runs, workers, source) {
  const shares = Array.from({ length: workers }, () => [])
  runs.forEach((run, i) => {
    shares[i % workers].push(run)
  })
  const reports = []
  const children = []
  let failed = false
  const stopAll = () => {
    failed = true
    for (const child of children) child.kill()
  }
  const ends = shares
    .filter((share) => share.length > 0)
    .map((share) => {
      const child = spawn(process.execPath, [command, '--worker', 'stdin', '--source', source], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      children.push(child)
      child.stdin.end(JSON.stringify(share))
      return follow(child, reports, stopAll, () => failed)
    })
  await Promise.all(ends)
  const order = new Map(runs.map((run, i) => [`${run.seed} ${run.profile}`, i]))
  const place = ({ seed, profile }) => order.get(`${seed} ${profile}`) ?? 0
  return reports.sort((a, b) => place(a) - place(b))
}

function follow(child, reports, stopAll, mayStop) {
  return new Promise((resolve, reject) => {
    const lines = readline.createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const report = JSON.parse(line)
      reports.push(report)
      if (report.violation !== undefined) stopAll()
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || mayStop()) resolve()
      else reject(new Error(`a worker ended with ${signal ?? code}`))
    })
  })
}
