import { eachOf } from '../cluster/cost-tables.ts'
import type { Measurement } from '../harness/measure.ts'
import { originOf } from '../harness/origin.ts'
import type { Report } from '../harness/report.ts'
import { type Bar, barPanel, barsHeight } from './bars.ts'
import { linePanel, type Panel } from './lines.ts'
import type { Picture } from './picture.ts'
import { headHeight, legend, legendHeight, page, text } from './svg.ts'

interface Hold {
  readonly system: string
  readonly callers: number
  readonly found: Measurement
}

const shown: Readonly<Record<string, string>> = {
  'quorail, stream': 'Quorail, stream',
  'quorail, unary': 'Quorail, unary calls',
  'quorail, unary by Connect': 'Quorail, unary calls by Connect',
  'quorail, stream, TLS': 'Quorail, stream, TLS',
  'quorail, unary, TLS': 'Quorail, unary calls, TLS',
  etcd: 'etcd',
  postgres: 'PostgreSQL',
}

export function clusterPictures(report: Report): readonly Picture[] {
  // The ceilings do nothing, and would press the others down.
  const holds = holdsOf(report).filter(({ system }) => system in shown)
  if (holds.length === 0) return []
  return [speed(report, holds), processorTime(report, holds)]
}

function holdsOf({ measurements }: Report): readonly Hold[] {
  return measurements.flatMap((found) => {
    const [, system, callers] = /^(.+), hold, (\d+) callers?$/.exec(found.name) ?? []
    return system === undefined ? [] : [{ system, callers: Number(callers), found }]
  })
}

const panels: readonly (Pick<Panel, 'title' | 'unit' | 'logarithmic'> & {
  of(found: Measurement): number | undefined
})[] = [
  { title: 'holds', unit: 'a second', logarithmic: false, of: ({ perSecond }) => perSecond.median },
  { title: 'p50', unit: 'ms', logarithmic: true, of: ({ latencyMs }) => latencyMs?.p50 },
  { title: 'p99', unit: 'ms', logarithmic: true, of: ({ latencyMs }) => latencyMs?.p99 },
  { title: 'p99.9', unit: 'ms', logarithmic: true, of: ({ latencyMs }) => latencyMs?.p999 },
]

function speed(report: Report, holds: readonly Hold[]): Picture {
  const [width, each] = [860, 260]
  const counts = [...new Set(holds.map(({ callers }) => callers))].sort((a, b) => a - b)
  const systems = systemsOf(holds)
  const head = [...originOf(report), 'Medians of rounds; percentiles as the callers see them.']
  const systemNames = systems.map((system) => shown[system] ?? system)
  const from = headHeight(head)
  const top = from + legendHeight(systemNames) + 6
  const drawn = panels.map(({ of, ...panel }, i) =>
    linePanel(
      {
        ...panel,
        places: counts.map(String),
        below: 'callers',
        series: systems.map((system) => ({
          name: shown[system] ?? system,
          values: counts.map((callers) => {
            const hold = holds.find((one) => one.system === system && one.callers === callers)
            return hold && of(hold.found)
          }),
        })),
      },
      {
        ...{ x: (i % 2) * (width / 2), y: top + Math.floor(i / 2) * each },
        ...{ width: width / 2, height: each },
      },
    ),
  )
  const title = 'Holds of a seat, three nodes, by how many callers ask at once'
  const names = legend(16, from + 12, systemNames)
  const height = top + 2 * each + 8
  const svg = page({ title, head, width, height, body: names + drawn.join('') })
  return { name: 'cluster', title, svg }
}

/** What a bar is made of, and in which colour. Only of our nodes is it known what each thread does. */
const stages = [
  'leader: first thread (Raft, rules, services)',
  'leader: SQLite',
  'leader: garbage (V8), libuv pool, others',
  'followers: first threads',
  'followers: SQLite, garbage (V8), libuv pool, others',
] as const
const whole = ['leader or primary: all of it', 'followers or standbys: all of it'] as const

function processorTime(report: Report, holds: readonly Hold[]): Picture {
  const width = 860
  const counts = [...new Set(holds.map(({ callers }) => callers))]
  const most = counts.includes(256) ? 256 : Math.max(...counts)
  const compared = [...new Set([most, 1])].filter((count) => counts.includes(count))
  const target = report.verdicts.find(({ what }) => what.startsWith('CPU of all processes'))
  const limit = target && 'atMost' in target.limit ? target.limit.atMost : undefined
  const barsOf = (callers: number): Bar[] =>
    systemsOf(holds).flatMap((system) => {
      const hold = holds.find((one) => one.system === system && one.callers === callers)
      if (hold === undefined) return []
      const isTarget = system === 'quorail, stream' && callers === most && limit !== undefined
      return [{ ...barOf(hold), ...(isTarget && { target: limit }) }]
    })
  const head = [
    ...originOf(report),
    'Of all processes of a system, not of the callers; all rounds together.',
  ]
  const top = headHeight(head)
  const legends = [stages.slice(0, 3), stages.slice(3), whole]
  const names = legends.map((some, i) => legend(16, top + 12 + i * 18, some, [0, 3, 5][i])).join('')
  let y = top + 12 + legends.length * 18
  const panels = compared.map((callers) => {
    const body = { unit: 'µs', bars: barsOf(callers) }
    const from = y + 24
    y = from + barsHeight(body)
    return text(16, from - 8, callersText(callers)) + barPanel(body, from, width)
  })
  const title = 'Processor time of a hold, by process and thread'
  const svg = page({ title, head, width, height: y + 8, body: names + panels.join('') })
  return { name: 'cluster-cpu', title, svg }
}

function barOf({ system, callers, found }: Hold): Bar {
  const each = (what: string) => (found.counts[what] === undefined ? 0 : eachOf(found, what))
  const both = (what: string) => each(`follower ${what}`) + each(`other follower ${what}`)
  const [leader, followers] = [each('leader micros'), both('micros')]
  const [first, rows] = [each('leader first thread micros'), each('leader SQLite micros')]
  const firsts = both('first thread micros')
  const name = `${shown[system] ?? system}, ${callersText(callers)}`
  const isOurs = system.startsWith('quorail')
  const values = isOurs
    ? [first, rows, leader - first - rows, firsts, followers - firsts]
    : [leader, followers]
  const from = isOurs ? 0 : stages.length
  const names: readonly string[] = [...stages, ...whole]
  const parts = values.map((value, i) => ({
    ...{ series: from + i, name: names[from + i] ?? '', value: Math.max(0, value) },
  }))
  return { name, parts }
}

const callersText = (count: number): string => (count === 1 ? '1 caller' : `${count} callers`)

const systemsOf = (holds: readonly Hold[]): readonly string[] =>
  Object.keys(shown).filter((name) => holds.some(({ system }) => system === name))
