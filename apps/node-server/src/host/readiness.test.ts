import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ReadinessFacts, unreadyBy, unreadyReasons } from './readiness.ts'

const follower: ReadinessFacts = {
  failed: false,
  stopping: false,
  isInMinority: false,
  isLeader: false,
  knowsLeader: true,
  ownTermApplied: false,
  isFounded: true,
  isMember: true,
  isClockOff: false,
  mayLead: true,
  appliedIndex: 100,
  commitIndex: 100,
  othersIndex: 100,
}
const leader: ReadinessFacts = { ...follower, isLeader: true, ownTermApplied: true }

test.each<[string, Partial<ReadinessFacts>, ReadinessFacts, string[]]>([
  ['a follower that keeps up', {}, follower, []],
  ['a leader', {}, leader, []],
  [
    'a leader that counts for itself, whatever was seen elsewhere',
    { othersIndex: 900 },
    leader,
    [],
  ],
  ['no leader', { knowsLeader: false }, follower, ['noLeader']],
  ['no member', { isMember: false, knowsLeader: false }, follower, ['notMember', 'noLeader']],
  ['committed and not applied', { commitIndex: 101 }, follower, ['behind']],
  ['the log has not come yet', { othersIndex: 900 }, follower, ['behind']],
  ['all at once', { knowsLeader: false, stopping: true }, follower, ['stopping', 'noLeader']],
  ['another state, following', { isInMinority: true, mayLead: false }, follower, ['diverged']],
  ['another state, leading', { isInMinority: true, mayLead: false }, leader, ['diverged']],
  ['a disk that failed', { failed: true }, leader, ['failed']],
  ['just elected', { ownTermApplied: false }, leader, ['notLeadingYet']],
  ['a clock that is off', { isClockOff: true, mayLead: false }, leader, ['clockOff']],
  ['a clock that is off does not keep from following', { isClockOff: true }, follower, []],
  ['nothing compared yet', { mayLead: false }, leader, ['notCompared']],
  ['not founded', { isFounded: false }, leader, ['notFounded']],
])('%s', (_what, change, base, reasons) => {
  expect(unreadyBy({ ...base, ...change })).toEqual(reasons)
})

test('the page for operators has every reason, and no other', () => {
  const page = readFileSync(
    new URL('../../../../docs/operating/front-door.md', import.meta.url),
    'utf8',
  )
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, name, text]) => [name, text])
  expect(Object.fromEntries(rows)).toMatchObject(unreadyReasons)
  const from = page.indexOf('`failed`')
  const until = page.indexOf('\n\n', from)
  const names = [...page.slice(from - 2, until).matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  expect(names).toEqual(Object.keys(unreadyReasons))
})
