import { number } from '../harness/report.ts'
import { linear, logarithmic, tickText } from './scale.ts'
import { element, text, titled } from './svg.ts'

export interface Series {
  readonly name: string
  /** One for each of the panel's places; undefined: it was not measured there. */
  readonly values: readonly (number | undefined)[]
}

export interface Panel {
  readonly title: string
  readonly unit: string
  readonly logarithmic: boolean
  /** What stands below the places of the horizontal axis, which are equally far apart. */
  readonly places: readonly string[]
  readonly below: string
  readonly series: readonly Series[]
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Lines with a mark at each value; the n-th series has the n-th colour and shape. */
export function linePanel(panel: Panel, box: Box): string {
  const { series, places, unit } = panel
  const [left, right] = [box.x + 56, box.x + box.width - 12]
  const [top, bottom] = [box.y + 24, box.y + box.height - 40]
  const all = series.flatMap(({ values }) => values).filter((value) => value !== undefined)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const scale = panel.logarithmic
    ? logarithmic(least, most, bottom, top)
    : linear(most, bottom, top)
  const xOf = (i: number) => left + ((right - left) * (i + 0.5)) / places.length
  const grid = scale.ticks.map((tick) => {
    const y = scale.at(tick)
    return (
      element('line', { x1: left, x2: right, y1: y, y2: y, class: 'grid' }) +
      text(left - 6, y + 4, tickText(tick), { class: 'end quiet' })
    )
  })
  const lines = series.map(({ name, values }, which) => {
    const points = values.flatMap((value, i) =>
      value === undefined ? [] : [{ x: xOf(i), y: scale.at(value), value, place: places[i] }],
    )
    const path = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')
    const marks = points.map(({ x, y, value, place }) =>
      titled(mark(which, x, y), `${name}, ${place} ${panel.below}: ${number(value)} ${unit}`),
    )
    return element('polyline', { points: path, class: `line l${which}` }) + marks.join('')
  })
  return [
    text(box.x + 4, box.y + 14, `${panel.title}, ${unit}`),
    ...grid,
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, class: 'axis' }),
    ...places.map((place, i) => text(xOf(i), bottom + 16, place, { class: 'mid quiet' })),
    text((left + right) / 2, bottom + 33, panel.below, { class: 'mid quiet' }),
    ...lines,
  ].join('')
}

const round = (value: number): number => Math.round(value * 10) / 10

function mark(which: number, x: number, y: number): string {
  const fill = { class: `f${which}` }
  const turned = { transform: `rotate(45 ${round(x)} ${round(y)})` }
  const square = { x: x - 4, y: y - 4, width: 8, height: 8, ...fill }
  if (which % 3 === 0) return element('circle', { cx: x, cy: y, r: 4.5, ...fill })
  return element('rect', which % 3 === 1 ? square : { ...square, ...turned })
}
