import { number } from '../harness/report.ts'
import { linear, tickText } from './scale.ts'
import { element, text, titled } from './svg.ts'

export interface Bar {
  readonly name: string
  /** One behind the other; each has a colour of its own. */
  readonly parts: readonly {
    readonly series: number
    readonly name: string
    readonly value: number
  }[]
  /** The least and the most of all rounds. */
  readonly range?: readonly [number, number]
  /** What it is to be reached, or not to be passed. */
  readonly target?: number
  /** Behind the figure at its end. */
  readonly note?: string
}

export interface Bars {
  readonly unit: string
  readonly bars: readonly Bar[]
}

const rowHeight = 30
const axisHeight = 40

export const barsHeight = ({ bars }: Bars): number => bars.length * rowHeight + axisHeight

/** Lying bars on one axis that begins at nought, with their figures at the end. */
export function barPanel({ unit, bars }: Bars, y: number, width: number): string {
  const longest = Math.max(...bars.map(({ name }) => name.length))
  const left = Math.min(width / 2, 28 + longest * 6.4)
  const endOf = (bar: Bar) => Math.max(totalOf(bar), bar.range?.[1] ?? 0, bar.target ?? 0)
  const scale = linear(Math.max(...bars.map(endOf)), left, width - 130)
  const bottom = y + bars.length * rowHeight
  const grid = scale.ticks.map((tick) => {
    const x = scale.at(tick)
    return (
      element('line', { x1: x, x2: x, y1: y, y2: bottom, class: 'grid' }) +
      text(x, bottom + 16, tickText(tick), { class: 'mid quiet' })
    )
  })
  const rows = bars.map((bar, i) => {
    const middle = y + i * rowHeight + rowHeight / 2
    let from = 0
    const parts = bar.parts.map(({ series, name, value }) => {
      const x = scale.at(from)
      from += value
      const place = { x, y: middle - 9, width: scale.at(from) - x, height: 18 }
      const shape = element('rect', { ...place, class: `f${series}` })
      return titled(shape, `${bar.name}, ${name}: ${number(value)} ${unit}`)
    })
    const end = scale.at(endOf(bar)) + 8
    const figure = [`${number(totalOf(bar))} ${unit}`, ...(bar.note ? [bar.note] : [])].join(', ')
    return [
      text(left - 8, middle + 4, bar.name, { class: 'end' }),
      ...parts,
      ...(bar.range === undefined ? [] : [whisker(bar.range.map(scale.at), middle)]),
      ...(bar.target === undefined ? [] : [targetMark(scale.at(bar.target), middle, bar, unit)]),
      text(end, middle + 4, figure),
    ].join('')
  })
  return [
    ...grid,
    element('line', { x1: left, x2: left, y1: y, y2: bottom, class: 'axis' }),
    text((left + width - 130) / 2, bottom + 33, unit, { class: 'mid quiet' }),
    ...rows,
  ].join('')
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0)

function whisker([from = 0, to = 0]: readonly number[], y: number): string {
  const upright = (x: number) =>
    element('line', { x1: x, x2: x, y1: y - 4, y2: y + 4, class: 'range' })
  return (
    element('line', { x1: from, x2: to, y1: y, y2: y, class: 'range' }) +
    upright(from) +
    upright(to)
  )
}

function targetMark(x: number, y: number, { name, target = 0 }: Bar, unit: string): string {
  const line = { x1: x, x2: x, y1: y - 14, y2: y + 14, class: 'target', 'stroke-width': 2 }
  return titled(element('line', line), `${name}, target: ${number(target)} ${unit}`)
}
