/** What a subject did in a second, case by case: `search` and `fsm`. */

import type { Measurement } from '../harness/measure.ts'
import { originOf } from '../harness/origin.ts'
import { number, type Report } from '../harness/report.ts'
import { type Bar, barPanel, barsHeight } from './bars.ts'
import type { Picture } from './picture.ts'
import { headHeight, page, text } from './svg.ts'

export function fsmPictures(report: Report): readonly Picture[] {
  return rates(report, 'fsm', 'The railway’s rules on one thread: what they do in a second')
}

export function searchPictures(report: Report): readonly Picture[] {
  const { cluster } = report.options
  return cluster === undefined
    ? rates(report, 'search', 'Searches in a second, in one process')
    : rates(report, 'search-follower', `Searches of a follower while ${cluster} holds/s are sold`)
}

/** Each unit has an axis of its own. */
function rates(report: Report, name: string, title: string): readonly Picture[] {
  const { measurements } = report
  if (measurements.length === 0) return []
  const width = 860
  const head = [
    ...originOf(report),
    'Medians of rounds, with the least and the most; dashed: what is to be reached.',
  ]
  let y = headHeight(head)
  const panels: string[] = []
  for (const unit of new Set(measurements.map((one) => one.unit))) {
    const bars = measurements.filter((one) => one.unit === unit).map((one) => barOf(one, report))
    const body = { unit: `${unit}/s`, bars }
    panels.push(text(16, y + 12, unit, { class: 'quiet' }), barPanel(body, y + 16, width))
    y += 16 + barsHeight(body) + 12
  }
  return [{ name, title, svg: page({ title, head, width, height: y, body: panels.join('') }) }]
}

function barOf({ name, perSecond, latencyMs }: Measurement, { verdicts }: Report): Bar {
  const target = verdicts.find(({ what }) => what === name || `from a follower, ${what}` === name)
  const limit = target && 'atLeast' in target.limit ? target.limit.atLeast : undefined
  return {
    name,
    parts: [{ series: 0, name: 'median', value: perSecond.median }],
    range: [perSecond.least, perSecond.most],
    ...(limit !== undefined && { target: limit }),
    ...(latencyMs !== undefined && { note: `p99 ${number(latencyMs.p99)} ms` }),
  }
}
