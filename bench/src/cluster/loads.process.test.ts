/** Every load of `cluster` runs for a moment. Its form is tested here, never its speed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Report } from '../harness/report.ts'
import { cpuStages } from './attribution.ts'
import type { CpuByStage } from './cpu-stages.ts'
import { raftStages } from './stages.ts'
import { threadKinds } from './threads.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'quorail-bench-loads-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('sales, a rush, reads and the open loop, by stream and by calls; etcd is not installed', () => {
  // Nothing is found here: neither etcd nor perf.
  const nothing = path.join(folder, 'nothing')
  mkdirSync(nothing)
  const file = path.join(folder, 'cluster.json')
  const words = ['cluster', '--callers', '4', '--runs', '20', '--seconds', '0.3', '--rounds', '1']
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...[path.join(import.meta.dirname, '../main.ts'), ...words, '--rate', '50'],
      ...['--peers', 'etcd', '--folder', folder, '--json', file],
    ],
    { encoding: 'utf8', cwd: folder, env: { ...process.env, PATH: nothing, TMPDIR: folder } },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  const known = ['quorail, stream', 'quorail, unary', 'quorail, unary by Connect']
  const open = ['quorail, stream', 'quorail, unary', 'empty stream']
  expect(report.measurements.map(({ name }) => name)).toEqual([
    ...[...known, 'empty stream', 'empty handler'].map((name) => `${name}, hold, 4 callers`),
    ...['sale', 'rush', 'mixed'].map((work) => `quorail, stream, ${work}, 4 callers`),
    ...['sale', 'mixed'].map((work) => `quorail, unary, ${work}, 4 callers`),
    ...open.map((name) => `${name}, hold, 50/s at any time`),
  ])
  for (const { name, latencyMs, counts } of report.measurements) {
    expect(latencyMs?.count, name).toBeGreaterThan(0)
    for (const what of name.startsWith('quorail') ? told : [])
      expect(counts[what], `${name}: ${what}`).toBeGreaterThanOrEqual(0)
  }
  const failures = report.figures.failures as Record<string, Record<string, number>>
  expect(Object.values(failures).flatMap((one) => Object.keys(one))).toEqual([])
  expect(report.notes[0]).toBe('Left out: etcd is not here: apt-get install etcd-server')
  expect(stdout).toContain('! Syncs are not counted: perf is not here')
  expect(stdout).toContain('CPU of an operation in µs by kind of thread')
  expect(stdout).toContain('Stages of the leader, by its /metrics')
  const byStage = report.figures.cpuMicrosByStage as Record<string, CpuByStage>
  const holds = ['quorail, stream', 'quorail, unary'].map((name) => `${name}, hold, 4 callers`)
  expect(Object.keys(byStage)).toEqual(holds)
  for (const name of holds) {
    expect(stdout).toContain(`CPU of an operation in µs by stage: ${name}`)
    expect(Object.keys(byStage[name] ?? {})).toEqual(['leader', 'follower', 'other follower'])
    for (const micros of Object.values(byStage[name] ?? {}))
      expect(Object.keys(micros)).toEqual([...cpuStages])
  }
  // What belongs to no stage is less than a tenth.
  expect(stdout).not.toContain('belongs to no stage')
  const left = readdirSync(folder).filter((name) => /^(quorail|etcd)-/.test(name))
  expect(left).toEqual([])
}, 600_000)

/** Of each of our nodes, in `--json`. */
const told = ['leader', 'follower', 'other follower'].flatMap((node) => [
  ...threadKinds.map((kind) => `${node} ${kind} micros`),
  ...raftStages.map((stage) => `${node} stage ${stage} micros`),
])
