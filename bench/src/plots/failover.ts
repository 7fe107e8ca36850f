import { originOf } from '../harness/origin.ts'
import type { Report } from '../harness/report.ts'
import { type DotRow, dotPanel, dotsHeight } from './dots.ts'
import type { Picture } from './picture.ts'
import { headHeight, page } from './svg.ts'

interface Cycle {
  readonly fault: string
  readonly gapMs: number
}

export function failoverPictures(report: Report): readonly Picture[] {
  const cycles = (report.figures.cycles ?? []) as readonly Cycle[]
  const rows = report.verdicts.flatMap(({ what, limit }): DotRow[] => {
    const [, fault] = /^gap, leader (.+), p99$/.exec(what) ?? []
    if (fault === undefined || !('atMost' in limit)) return []
    const values = cycles.filter((cycle) => cycle.fault === fault).map(({ gapMs }) => gapMs)
    return values.length === 0 ? [] : [{ name: `leader ${fault}`, values, target: limit.atMost }]
  })
  if (rows.length === 0) return []
  const width = 860
  const head = [
    ...originOf(report),
    'Each dot is one fault; the dashed line is what p99 is to stay below.',
  ]
  const top = headHeight(head)
  const title = 'How long nobody sold a seat when the leader failed'
  const height = top + dotsHeight(rows) + 8
  const svg = page({ title, head, width, height, body: dotPanel(rows, 'ms', top, width) })
  return [{ name: 'failover', title, svg }]
}
