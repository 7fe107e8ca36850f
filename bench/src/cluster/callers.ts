import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { Cleanup } from '../harness/cleanup.ts'
import type { RunOrder, RunReport } from './caller-process.ts'

/** Processes of callers, apart from everything that is measured. */
export class Callers {
  readonly #children: readonly ChildProcess[]

  constructor(processes: number, cleanup: Cleanup) {
    const file = path.join(import.meta.dirname, 'caller-process.ts')
    this.#children = Array.from({ length: processes }, () =>
      fork(file, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    cleanup.add(() => this.#stop())
  }

  /** The callers and the rate are shared out among the processes. */
  async run(order: RunOrder): Promise<RunReport> {
    const children = this.#children.slice(
      0,
      Math.max(1, Math.min(this.#children.length, order.callers)),
    )
    const share = (of: number, i: number) =>
      Math.floor((of * (i + 1)) / children.length) - Math.floor((of * i) / children.length)
    const reports = await Promise.all(
      children.map((child, i) =>
        ask(child, {
          ...order,
          callers: share(order.callers, i),
          perSecond: order.perSecond && order.perSecond / children.length,
        }),
      ),
    )
    return together(reports)
  }

  #stop(): void {
    for (const child of this.#children) if (child.connected) child.disconnect()
  }
}

function ask(child: ChildProcess, order: RunOrder): Promise<RunReport> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a process of callers has ended'))
    child.once('exit', gone)
    child.once('message', (answer: { report?: RunReport; error?: string }) => {
      child.off('exit', gone)
      if (answer.report === undefined) reject(new Error(answer.error))
      else resolve(answer.report)
    })
    child.send(order)
  })
}

function together(reports: readonly RunReport[]): RunReport {
  const sum = (of: (report: RunReport) => number) => reports.reduce((all, one) => all + of(one), 0)
  const latenciesMs = new Float64Array(sum(({ latenciesMs: { length } }) => length))
  let filled = 0
  const failures: Record<string, number> = {}
  for (const report of reports) {
    latenciesMs.set(report.latenciesMs, filled)
    filled += report.latenciesMs.length
    for (const [what, count] of Object.entries(report.failures))
      failures[what] = (failures[what] ?? 0) + count
  }
  return {
    operations: sum(({ operations }) => operations),
    failures,
    wallSeconds: Math.max(...reports.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    latenciesMs,
  }
}
