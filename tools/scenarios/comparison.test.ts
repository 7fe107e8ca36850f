/** A comparison that could not fail would prove nothing: it sees every change of what is expected. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runFile } from './run-file.ts'

const own = (name: string) => readFileSync(new URL(`./ours/${name}.txt`, import.meta.url), 'utf8')

/** Runs the file with one place of it altered. */
function altered(name: string, from: string | RegExp, to: string) {
  const text = own(name)
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  return runFile(changed, name.split('/')[0] as string)
}

describe('an interaction file', () => {
  const FILE = 'interaction/learner_must_vote'

  it('passes as it is', () => {
    expect(runFile(own(FILE), 'interaction')).toMatchObject({
      form: 'interaction',
      mismatch: undefined,
    })
  })

  it.each([
    ['another term in a message', '2->3 MsgVote Term:2 Log:1/4', '2->3 MsgVote Term:3 Log:1/4'],
    ['another index', 'Log:1/4 Rejected (Hint: 3)', 'Log:1/4 Rejected (Hint: 2)'],
    ['another sender', '  3->2 MsgVoteResp', '  1->2 MsgVoteResp'],
    ['a message less', '2->1 MsgVote Term:2 Log:1/4\n', ''],
    ['a message more', '2->1 MsgVote', '2->1 MsgVote Term:2 Log:1/4\n2->1 MsgVote'],
    ['two messages to one receiver exchanged', /^/, '# '],
    ['another role', 'Lead:2 State:StateLeader', 'Lead:2 State:StateFollower'],
    [
      'another leader',
      '3: StateFollower (Voter) Term:2 Lead:2',
      '3: StateFollower (Voter) Term:2 Lead:1',
    ],
    ['a voter for a learner', '3: StateFollower (Non-Voter)', '3: StateFollower (Voter)'],
    [
      'another commit index',
      'HardState Term:2 Vote:2 Commit:5',
      'HardState Term:2 Vote:2 Commit:4',
    ],
    ['another vote', 'HardState Term:2 Vote:2 Commit:4', 'HardState Term:2 Vote:3 Commit:4'],
    ['an entry less', '    2/5 EntryNormal ""\n', ''],
    ['other data', '2/5 EntryNormal ""', '2/5 EntryNormal "x"'],
    ['another sync', 'Ready MustSync=true', 'Ready MustSync=false'],
    ['a Ready less', /> 3 handling Ready\n(?: {2}.*\n)*/, ''],
    ['an entry not applied', /CommittedEntries:\n {2}1\/4 .*\n/, ''],
    ['another configuration', 'configuration voters=(1 2 3)', 'configuration voters=(1 2)'],
    ['no news of a configuration', /INFO 3 switched.*\n/, ''],
    ['an error', 'process-ready 2\n----\n', 'process-ready 2\n----\nraft proposal dropped\n'],
  ])('fails for %s', (what, from, to) => {
    if (what.startsWith('two messages')) {
      const text = own('interaction/remove_leader_step_down')
      const lines = ['2->1 MsgAppResp Term:1 Log:0/4', '2->1 MsgAppResp Term:1 Log:0/5']
      const exchanged = text.replace(lines.join('\n  '), [...lines].reverse().join('\n  '))
      expect(exchanged).not.toBe(text)
      expect(runFile(exchanged, 'interaction').mismatch).toBeDefined()
      return
    }
    const { mismatch } = altered(FILE, from, to)
    expect(mismatch).toBeDefined()
    expect(mismatch?.line).toBeGreaterThan(1)
    expect(mismatch?.expected).not.toBe(mismatch?.found)
  })

  it('fails for other progress of a follower', () => {
    const file = 'interaction/lagging_commit'
    for (const [from, to] of [
      ['3: StateReplicate match=11 next=14', '3: StateReplicate match=12 next=14'],
      ['match=11 next=14 inflight=2', 'match=11 next=13 inflight=2'],
      ['inflight=2', 'inflight=1'],
      ['3: StateReplicate match=11', '3: StateProbe match=11'],
    ] as const) {
      expect(altered(file, from, to).mismatch?.command).toBe('status 1')
    }
  })

  it('tells the line and both texts', () => {
    const { mismatch } = altered(FILE, 'Log:1/4 Rejected (Hint: 3)', 'Log:1/4 Rejected (Hint: 2)')
    const line =
      own(FILE)
        .split('\n')
        .findIndex((text) => text.includes('(Hint: 3)')) + 1
    expect(mismatch).toEqual({
      line,
      command: 'stabilize 2 3',
      expected: '  3->2 MsgAppResp Term:2 Log:1/4 Rejected (Hint: 2)',
      found: '  3->2 MsgAppResp Term:2 Log:1/4 Rejected (Hint: 3)',
    })
  })

  it('passes with other lines of the logger, wherever they stand', () => {
    const { mismatch } = altered(
      FILE,
      '  2->3 MsgVote Term:2 Log:1/4\n',
      '  2->3 MsgVote Term:2 Log:1/4\n  INFO 3 became whatever\n  DEBUG x\n  WARN y\n',
    )
    expect(mismatch).toBeUndefined()
    expect(altered(FILE, 'campaign 2\n----\nok', 'campaign 2\n----\nINFO 2 x').mismatch).toBe(
      undefined,
    )
  })

  it('passes with the messages of a Ready to two receivers the other way round', () => {
    const [first, second] = ['2->1 MsgVote Term:2 Log:1/4\n', '2->3 MsgVote Term:2 Log:1/4\n']
    expect(altered(FILE, first + second, second + first).mismatch).toBeUndefined()
  })

  it('fails for a command that is not known, and for what is no file of this form', () => {
    expect(runFile('frobnicate\n----\nok\n', 'x').mismatch).toMatchObject({
      found: 'unknown command',
    })
    expect(runFile('campaign 1\n', 'x').mismatch).toMatchObject({ line: 1 })
    expect(runFile('# nothing\n', 'x').mismatch).toBeDefined()
  })

  it('fails, and does not end everything, when the core throws', () => {
    const text = 'add-nodes 1 voters=(1) index=2 inflight=0\n----\nok\n'
    expect(runFile(text, 'x').mismatch).toMatchObject({ expected: 'no exception' })
  })
})

describe('the other files', () => {
  it.each([
    ['confchange/learners_next', 'learners_next=(1)', 'learners=(1)'],
    ['confchange/learners_next', 'next=2', 'next=3'],
    ['confchange/repeated_steps', '4: StateProbe', '4: StateReplicate'],
    ['quorum/majority_commit', 'xx>     12', 'x>      12'],
    ['quorum/majority_commit', '∞', '0'],
    ['quorum/joint_vote', 'VotePending', 'VoteWon'],
  ])('%s: fails for %s altered', (name, from, to) => {
    expect(altered(name, from, to).mismatch).toBeDefined()
  })

  it('are known by their commands, wherever they are', () => {
    expect(runFile(own('quorum/joint_vote'), 'elsewhere').form).toBe('quorum')
    expect(runFile(own('confchange/update'), 'elsewhere').form).toBe('confchange')
    expect(runFile(own('interaction/pre_vote'), 'elsewhere').form).toBe('interaction')
  })
})
