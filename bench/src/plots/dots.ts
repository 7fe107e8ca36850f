import { number } from '../harness/report.ts'
import { linear, tickText } from './scale.ts'
import { element, text, titled } from './svg.ts'

export interface DotRow {
  readonly name: string
  readonly values: readonly number[]
  readonly target: number
}

const rowHeight = 84
const axisHeight = 40
const dot = 7

export const dotsHeight = (rows: readonly DotRow[]): number => rows.length * rowHeight + axisHeight

/** Every value is a dot; those that fall together stand on each other. */
export function dotPanel(rows: readonly DotRow[], unit: string, y: number, width: number): string {
  const [left, right] = [120, width - 40]
  const most = Math.max(...rows.flatMap(({ values, target }) => [...values, target]))
  const scale = linear(most, left, right)
  const bottom = y + rows.length * rowHeight
  const grid = scale.ticks.map((tick) => {
    const x = scale.at(tick)
    return (
      element('line', { x1: x, x2: x, y1: y, y2: bottom, class: 'grid' }) +
      text(x, bottom + 16, tickText(tick), { class: 'mid quiet' })
    )
  })
  const drawn = rows.map(({ name, values, target }, i) => {
    const floor = y + (i + 1) * rowHeight - 4
    const heights = new Map<number, number>()
    for (const value of values) {
      const place = Math.round(scale.at(value) / dot)
      heights.set(place, (heights.get(place) ?? 0) + 1)
    }
    // The highest pile fits, however many there are.
    const rise = Math.min(dot, (rowHeight - 26) / Math.max(1, ...heights.values()))
    const piled = new Map<number, number>()
    const dots = values.map((value) => {
      const place = Math.round(scale.at(value) / dot)
      const below = piled.get(place) ?? 0
      piled.set(place, below + 1)
      const at = { cx: scale.at(value), cy: floor - dot / 2 - below * rise, r: dot / 2 }
      return titled(
        element('circle', { ...at, class: `f${i}` }),
        `${name}: ${number(value)} ${unit}`,
      )
    })
    const x = scale.at(target)
    const mark = { x1: x, x2: x, y1: floor - rowHeight + 8, y2: floor, class: 'target' }
    const line = element('line', { ...mark, 'stroke-width': 2 })
    const sorted = values.toSorted((a, b) => a - b)
    const middle = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
    return [
      text(left - 10, floor - 40, name, { class: 'end' }),
      text(left - 10, floor - 24, `${values.length} times`, { class: 'end quiet' }),
      text(left - 10, floor - 8, `p50 ${number(middle)} ${unit}`, { class: 'end quiet' }),
      element('line', { x1: left, x2: right, y1: floor, y2: floor, class: 'axis' }),
      titled(line, `${name}, target: ${number(target)} ${unit}`),
      ...dots,
    ].join('')
  })
  const below = `longest time without an acknowledged booking, ${unit}`
  return [
    ...grid,
    text((left + right) / 2, bottom + 33, below, { class: 'mid quiet' }),
    ...drawn,
  ].join('')
}
