/**
 * docs/reference/errors.md is made from the errors themselves. After a change:
 * `UPDATE_REFERENCE=1 pnpm --filter @quorail/node-server test src/errors`
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Code, type ConnectError } from '@connectrpc/connect'
import type { RefusalCode } from '@quorail/booking-fsm'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import {
  NotLeaderError,
  OutcomeUnknownError,
  OverloadedError,
  RejectedError,
  StorageFailedError,
} from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { StateDivergedError } from '../host/state-diverged-error.ts'
import * as door from './door-errors.ts'
import * as membership from './membership-failures.ts'
import { quoteExpired } from './quote-expired.ts'
import { raftFailure } from './raft-failures.ts'
import { refusalError, refusalTexts } from './refusals.ts'
import * as watch from './watch-errors.ts'

const file = fileURLToPath(new URL('../../../../docs/reference/errors.md', import.meta.url))
const leader = { id: 'n2', clientUrl: 'http://localhost:3002', term: 7 }

const atTheDoor: ConnectError[] = [
  door.invalidField('date', 'There is no day “2026-02-30”.'),
  door.pastDate('date'),
  door.unknownStation('from_code', 'XYZ'),
  door.unknownRun(),
  door.unknownBooking(),
  door.notLoggedIn(),
  door.notAllowed('staff'),
  door.wrongPassword(),
  door.loginThrottled(60),
  door.rateLimited(15),
  door.loginsBusy(),
  door.notYetHere(),
  door.deadlineExceeded(),
  door.unknownMethod('quorail.booking.v1.BookingService/Fly'),
  door.unreadableRequest(undefined),
  door.unknownService('a.b.C'),
  door.internalError(undefined),
  watch.watchNotFound(),
  watch.tooManyWatches(64),
  watch.nodeBehind(),
  watch.notDrained(),
  quoteExpired({ type: 'refused', code: 'priceChanged', seats: [], figure: 0, field: '' }),
]
const ofConsensus = [
  raftFailure(new NotLeaderError('n2', 'follower'), leader),
  raftFailure(new NotLeaderError(undefined, 'noLeader'), undefined),
  raftFailure(new NotLeaderError(undefined, 'noQuorum'), undefined),
  raftFailure(new RejectedError('transferring', ''), undefined),
  raftFailure(new OutcomeUnknownError('timeout', 1, 1), undefined),
  raftFailure(new OverloadedError(''), undefined),
  raftFailure(new StateDivergedError('minority'), undefined),
  raftFailure(new StateDivergedError('split'), undefined),
  raftFailure(new StorageFailedError(new Error('')), undefined),
]
const ofMembers = [
  membership.changeFailure(new RejectedError('pending', ''), undefined),
  membership.changeFailure(new RejectedError('badTarget', ''), undefined),
  membership.changeFailure(new RejectedError('noVoters', ''), undefined),
  membership.notAMember('n4'),
  membership.nameTaken('n3'),
  membership.memberSetApart('n3'),
  membership.nodeNotReached('n4', 'http://localhost:3004'),
  membership.nodeOfOtherCluster('n4'),
  membership.peerAddressUnfit('n4', 'http://localhost:3014', true),
  membership.tooFewHealthy(1, 2),
  membership.anotherNodeAnswers('n2'),
]
const ofRules = (Object.keys(refusalTexts) as RefusalCode[]).map((code) =>
  refusalError({
    type: 'refused',
    code,
    seats: code === 'seatTaken' ? [17] : [],
    figure: 0,
    field: '',
  }),
)

function table(errors: readonly ConnectError[]): string[] {
  const lines = new Map<string, string>()
  for (const error of errors) {
    const detail = error.findDetails(ErrorDetailSchema)[0]
    if (detail === undefined) throw new Error('an error without a detail')
    const outcome = detail.outcome === ErrorDetail_Outcome.UNKNOWN ? 'unknown' : 'not done'
    const connectCode = Code[error.code]
    const cells = [`\`${detail.code}\``, connectCode, outcome, detail.sentence, detail.nextStep]
    // One code may stand for two situations, and one situation for several errors.
    lines.set(`${detail.code} ${detail.sentence}`, `| ${cells.join(' | ')} |`)
  }
  const head = ['| code | Connect | effect | what it says | what to do |', '|---|---|---|---|---|']
  return [
    ...head,
    ...[...lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line),
  ]
}

const reference = [
  '# Errors',
  '',
  'Every error of the client API carries a `quorail.cluster.v1.ErrorDetail`: a stable code, a sentence for a',
  'person, what to do next, and what is known of the effect. *Not done* is certain: the request had no',
  'effect and will have none. *Unknown* means that it may have had its effect or may have it later: send the',
  'same request with the same request id until the answer is definite. Figures and names in the sentences',
  'below are examples. This page is made from the code by a test.',
  '',
  '## At the door, before the log',
  '',
  ...table(atTheDoor),
  '',
  '## From consensus',
  '',
  ...table(ofConsensus),
  '',
  '## From changes of the members',
  '',
  ...table(ofMembers),
  '',
  '## From the rules of the railway',
  '',
  ...table(ofRules),
  '',
].join('\n')

test('the reference of errors says what the code says', () => {
  if (process.env.UPDATE_REFERENCE === '1') {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, reference)
  }
  expect(readFileSync(file, 'utf8')).toBe(reference)
})
