/** As much of SVG as plots need. What is no number never gets into a file. */

export type Attributes = Readonly<Record<string, string | number>>

/** `children` are markup already: whatever comes from elsewhere goes through `text`. */
export function element(
  name: string,
  attributes: Attributes = {},
  ...children: readonly string[]
): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${written(value)}"`)
  const head = `<${name}${words.join('')}`
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`
}

export function text(x: number, y: number, words: string, more: Attributes = {}): string {
  return element('text', { x, y, ...more }, escaped(words))
}

/** What a pointer, or somebody who can not see it, is told of a shape. */
export const titled = (shape: string, words: string): string =>
  element('g', {}, element('title', {}, escaped(words)), shape)

export function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function written(value: string | number): string {
  if (typeof value === 'string') return escaped(value)
  if (!Number.isFinite(value)) throw new RangeError(`a plot can not show ${value}`)
  return String(Math.round(value * 10) / 10)
}

/** Told apart also by people who do not see all colours (Okabe and Ito), on paper and in the dark. */
const light = ['#0072b2', '#d55e00', '#009e73', '#b3568f', '#8a6d00', '#56a0d3', '#6b7280']
const dark = ['#56b4e9', '#ff9a4d', '#2fd19f', '#e39bc8', '#f0e442', '#a5c8ea', '#9aa3af']

const colours = (of: readonly string[]): string =>
  of.map((colour, i) => `.f${i}{fill:${colour}}.l${i}{stroke:${colour}}`).join('')

const style = [
  'text{font:12px system-ui,sans-serif;fill:#1b1f24}.title{font-weight:600;font-size:15px}',
  '.quiet{fill:#57606a}.end{text-anchor:end}.mid{text-anchor:middle}',
  '.paper{fill:#fff}.grid{stroke:#d8dee4}.axis{stroke:#57606a}.range{stroke:#1b1f24}.target{stroke:#cf222e;stroke-dasharray:4 3}',
  '.line{fill:none;stroke-width:2}',
  colours(light),
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9aa3af}.paper{fill:#0d1117}',
  '.grid{stroke:#30363d}.axis{stroke:#9aa3af}.range{stroke:#fff}.target{stroke:#ff7b72}',
  `${colours(dark)}}`,
].join('')

export interface Page {
  readonly title: string
  /** Below the title: what it is of. */
  readonly head: readonly string[]
  readonly width: number
  readonly height: number
  readonly body: string
}

/** Where the body may begin. */
export const headHeight = (head: readonly string[]): number => 34 + 16 * head.length

export function page({ title, head, width, height, body }: Page): string {
  const all = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` }
  const svg = element(
    'svg',
    { ...all, width, height, role: 'img' },
    element('title', {}, escaped(title)),
    element('style', {}, style),
    element('rect', { width, height, class: 'paper' }),
    text(16, 24, title, { class: 'title' }),
    ...head.map((words, i) => text(16, 42 + 16 * i, words, { class: 'quiet' })),
    body,
  )
  return `${svg}\n`
}

const perRow = 4
const rowHeight = 18

export const legendHeight = (names: readonly string[]): number =>
  Math.ceil(names.length / perRow) * rowHeight

/** Squares and names, four to a row; the first one has the class `fFIRST`. */
export function legend(x: number, y: number, names: readonly string[], first = 0): string {
  let at = x
  return names
    .map((name, i) => {
      if (i % perRow === 0) at = x
      const line = y + Math.floor(i / perRow) * rowHeight
      const square = { x: at, y: line - 10, width: 10, height: 10, class: `f${first + i}` }
      const entry = element('rect', square) + text(at + 15, line, name)
      at += 32 + name.length * 6.2
      return entry
    })
    .join('')
}
