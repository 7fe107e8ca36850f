import { expect, test } from 'vitest'
import { type Report, verdict } from '../harness/report.ts'
import { pageWith, type Recorded } from './page.ts'

const order = ['raft', 'cluster', 'failover']
const empty = `# Page

<!-- figures: written by pnpm bench record -->

<!-- end of figures -->

Behind it.
`

function recorded(name: string, more: Partial<Report> = {}): Recorded {
  const report: Report = {
    subject: name,
    startedAt: '2026-11-23T12:00:00.000Z',
    command: `pnpm bench ${name} --folder /mnt/disk --callers 1,256 --feed=/feed.zip --only hold`,
    machine: {
      ...{ cores: 2, processor: 'A processor', memoryBytes: 8 * 2 ** 30, system: 'Linux 6 x64' },
      ...{ node: 'v24', loadAtStart: 0.1, busy: false },
    },
    commit: { hash: '0123456789abcdef', modified: false },
    pace: { seconds: 3, rounds: 7 },
    options: {},
    tables: [{ title: 'Speed', columns: ['case', 'rate'], rows: [['a|b', '10']] }],
    verdicts: [
      verdict('holds', 9_870, 'holds/s', { atLeast: 10_000 }),
      verdict('elections', 0, '', { atMost: 0 }),
    ],
    notes: ['! The folder is in memory.', 'Of no interest here.', 'Left out: etcd is not here'],
    measurements: [],
    figures: {},
    ...more,
  }
  return { name, report, pictures: [{ name, title: `Of ${name}`, svg: '' }] }
}

test('a part says when, which commit, which machine and which command, and what was met or missed', () => {
  expect(pageWith(empty, [recorded('cluster')], order)).toBe(`# Page

<!-- figures: written by pnpm bench record -->

<!-- cluster -->
### cluster

23 November 2026, commit 01234567, load 0.10 when it began; 2 cores (A processor), 8 GiB, Linux 6 x64, Node v24; \`pnpm bench cluster --folder DIR --callers 1,256 --feed FEED --only hold\`

| What | Here | Target |
|---|---:|---:|
| holds | 9,870 holds/s | at least 10,000 holds/s: missed |
| elections | 0 | at most 0: met |

![Of cluster](../pictures/bench-cluster.svg)

Speed:

| case | rate |
|---|---:|
| a\\|b | 10 |

! The folder is in memory.

Left out: etcd is not here
<!-- end of cluster -->

<!-- end of figures -->

Behind it.
`)
})

test('only the parts that were measured are new, and they stand in one order', () => {
  const first = pageWith(empty, [recorded('failover'), recorded('cluster')], order)
  const again = pageWith(first, [recorded('cluster', { tables: [] }), recorded('raft')], order)
  expect([...again.matchAll(/^### (.*)$/gm)].map(([, name]) => name)).toEqual(order)
  const partOf = (page: string, name: string) =>
    page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- end of ${name} -->`))
  expect(partOf(again, 'failover')).toBe(partOf(first, 'failover'))
  expect(partOf(again, 'cluster')).not.toContain('Speed')
  expect(pageWith(again, [], order)).toBe(again)
})

test('a page without the two lines is refused', () => {
  expect(() => pageWith('# Page\n', [], order)).toThrow(
    /^The page has no line "<!-- figures: written by pnpm bench record -->" with a line/,
  )
})
