import { expect, test } from 'vitest'
import { summarise } from '../harness/measure.ts'
import { costTables } from './cost-tables.ts'
import { stageSumsOf, stagesBetween } from './stages.ts'

const text = `# HELP quorail_raft_stage_seconds How long batches spent in a stage
# TYPE quorail_raft_stage_seconds histogram
quorail_raft_stage_seconds_bucket{le="0.0001",stage="queue"} 3
quorail_raft_stage_seconds_sum{stage="queue"} 0.25
quorail_raft_stage_seconds_count{stage="queue"} 50
quorail_raft_stage_entries_total{stage="queue"} 1000
quorail_rpc_seconds_sum{service="a",method="B",transport="call"} 1.5
quorail_rpc_seconds_sum{service="a",method="B",transport="stream"} 0.5
quorail_rpc_seconds_count{service="a",method="B",transport="stream"} 1000
nodejs_gc_duration_seconds_sum{kind="minor"} 0.02
nodejs_gc_duration_seconds_sum{kind="major"} 0.01
`

test('a node’s figures: the sums of each stage, of all calls, and of the collector', () => {
  expect(stageSumsOf(text)).toMatchObject({
    ...{ 'queue micros': 250_000, 'queue batches': 50, 'queue entries': 1_000 },
    ...{ 'calls micros': 2_000_000, calls: 1_000, 'collector micros': 30_000 },
    'append batches': 0,
  })
})

test('what came between two looks is shown for a batch, a call and an operation', () => {
  const stages = stagesBetween('leader stage', stageSumsOf(''), stageSumsOf(text))
  const counts = { operations: 1_000, 'leader micros': 5_000, ...stages }
  const round = { operations: 1_000, wallSeconds: 1, cpuSeconds: 1, counts }
  const [processes, ...rest] = costTables([summarise('a case', 'operations', [round])])
  expect(processes?.rows).toEqual([['a case', '1,000', '5.00', '0.00', '0.00', '0.00', '', '']])
  // No thread is known of it, so that there is no table of threads.
  expect(rest.map(({ title }) => title)).toEqual([expect.stringMatching(/^Stages of the leader/)])
  expect(rest[0]?.rows).toEqual([['a case', '', '5.00', '', '', '', '', '2.00', '30.0']])
})
