import { originOf } from '../harness/origin.ts'
import { number, type Report } from '../harness/report.ts'
import { type Bar, barPanel, barsHeight } from './bars.ts'
import type { Picture } from './picture.ts'
import { headHeight, legend, page } from './svg.ts'

interface Start {
  readonly role: string
  readonly readyMs: number
  readonly loadMs: number
  readonly peakBytes: number
}

const parts = ['loading the rows', 'all else, until /readyz says that it serves']

export function restartPictures(report: Report): readonly Picture[] {
  const starts = (report.figures.starts ?? []) as readonly Start[]
  if (starts.length === 0) return []
  const bars = starts.map(({ role, readyMs, loadMs, peakBytes }, i): Bar => {
    const limit = report.verdicts.find(({ what }) => what === `a ${role} serves again`)?.limit
    return {
      name: `${role}, ${starts.slice(0, i + 1).filter((one) => one.role === role).length}`,
      parts: [loadMs, readyMs - loadMs].map((ms, series) => ({
        ...{ series, name: parts[series] ?? '', value: Math.max(0, ms / 1_000) },
      })),
      ...(limit && 'atMost' in limit && { target: limit.atMost / 1_000 }),
      note: `${number(peakBytes / 1e6)} MB`,
    }
  })
  const width = 860
  const bookings = Number(report.figures.bookings)
  const head = [
    ...originOf(report),
    'Each bar is one start; behind it the most memory that the process had; dashed: the time to be kept.',
  ]
  const top = headHeight(head)
  const body = { unit: 's', bars }
  const title = `A node with ${number(bookings)} bookings, killed and started again`
  const drawn = legend(16, top + 12, parts) + barPanel(body, top + 28, width)
  const height = top + 28 + barsHeight(body) + 8
  return [{ name: 'restart', title, svg: page({ title, head, width, height, body: drawn }) }]
}
