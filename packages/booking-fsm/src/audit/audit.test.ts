import { describe, expect, it } from 'vitest'
import {
  confirmed,
  done,
  emptyWorld,
  founding,
  held,
  key,
  must,
  railway,
  register,
  send,
  type World,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { rowsOf, stateHash } from '../snapshot.ts'
import { AUDIT_START, type AuditRecord, verifyAudit } from './chain.ts'
import { auditHead } from './keep.ts'

/** What the last entry recorded. */
function recorded({ changes }: World): AuditRecord[] {
  return changes.flatMap((change) => {
    if (change.table !== 'audit' || change.type !== 'upsert') return []
    const [sequence, index, atMs, actor, action, subject, reason, before, after, link] =
      change.values as [number, number, number, number, string, string, string, ...string[]]
    return [
      { sequence, index, atMs, actor, action, subject, reason, before, after, link } as AuditRecord,
    ]
  })
}

/** A railway from its founding on, with all that was recorded since a point. */
function chain(): { world: ReturnType<typeof railway>; records: AuditRecord[] } {
  const world = railway()
  const records: AuditRecord[] = []
  for (let i = 0; i < 6; i++) {
    register(world, `p${i}@example.org`, 'passenger')
    records.push(...recorded(world))
  }
  return { world, records }
}

const voucher = {
  type: 'issueVoucher',
  ...{ codeHash: '1'.repeat(64), amountMinor: 2_000 },
  ...{ basisPoints: 0, maximumMinor: 0, minimumMinor: 0 },
  ...{ once: false, accountId: 0 },
  reason: 'goodwill',
} as const

describe('the audit', () => {
  it('records who did what to what, and the state before and after', () => {
    const world = railway()
    const bought = held(world, world.ann, world.runId)
    const before = stateHash(world.state)
    const { bookingId, priceMinor } = bought
    const paying = { bookingId, paymentToken: 'tok', amountMinor: priceMinor } as const
    must(send(world, { type: 'startPayment', ...paying }, { actor: world.ann }), 'paymentStarted')
    const [record, ...more] = recorded(world)
    expect(more).toEqual([])
    expect(record).toMatchObject({
      index: world.index,
      atMs: world.nowMs,
      actor: world.ann,
      action: 'startPayment',
      subject: `booking:${bookingId}`,
      reason: '',
      before,
    })
    expect(record?.after).not.toBe(before)
    expect(auditHead(world.state)).toEqual({ count: record?.sequence, link: record?.link })
    must(
      send(world, {
        type: 'recordOutcome',
        outboxId: 1,
        outcome: { type: 'done', providerReference: 'ref' },
      }),
      'done',
    )
    expect(recorded(world)).toMatchObject([
      { actor: 0, action: 'recordOutcome', subject: `booking:${bookingId}` },
    ])
  })

  it.each<[string, string, Command]>([
    ['account', 'account:3', account('z@example.org')],
    ['import', 'import:1', { type: 'beginImport', source: 'feed' }],
    ['burned request', '', { type: 'resolveRequest', key: key('never') }],
  ])('names a new %s by its id', (_, subject, command) => {
    const world = railway()
    send(world, command)
    expect(recorded(world)).toMatchObject([{ action: command.type, subject }])
  })

  it('has nothing of holds, sessions, ticks, refusals, repeats and what was only asked', () => {
    const world = railway()
    const { ann, runId } = world
    const head = auditHead(world.state)
    const sold = held(world, ann, runId)
    send(world, { type: 'releaseHold', bookingId: sold.bookingId }, { actor: ann })
    send(world, { type: 'tick' })
    const tokenHash = '1'.repeat(64)
    must(send(world, { type: 'openSession', accountId: ann, tokenHash, ttlMs: 1_000 }), 'done')
    must(send(world, { type: 'closeSession', tokenHash }), 'done')
    must(send(world, { type: 'cancelBooking', bookingId: 99, expectedRefundMinor: 0 }), 'refused')
    expect(auditHead(world.state)).toEqual(head)
    const by = { key: key('once') }
    must(send(world, account('y@example.org'), by), 'accountRegistered')
    const once = auditHead(world.state)
    expect(once.count).toBe(head.count + 1)
    must(send(world, account('y@example.org'), by), 'accountRegistered')
    must(send(world, { type: 'resolveRequest', key: key('once') }), 'resolved')
    expect(auditHead(world.state)).toEqual(once)
  })

  it('begins with feature level 2', () => {
    const world = emptyWorld()
    must(send(world, { ...founding, featureLevel: 1 } as Command), 'done')
    must(send(world, account('a@example.org')), 'accountRegistered')
    expect(auditHead(world.state)).toEqual(AUDIT_START)
    must(send(world, { type: 'raiseFeatureLevel', level: 2 }), 'done')
    expect(recorded(world)).toMatchObject([{ sequence: 1, action: 'raiseFeatureLevel' }])
    expect(verifyAudit(recorded(world), AUDIT_START, auditHead(world.state)).fault).toBeUndefined()
  })

  it('names what time does to money, whoever sent what came next', () => {
    const world = railway()
    const head = auditHead(world.state)
    const validToMs = world.nowMs + 1_000
    must(send(world, { ...voucher, validFromMs: world.nowMs, validToMs }), 'voucherIssued')
    world.nowMs = validToMs
    must(send(world, { type: 'cancelBooking', bookingId: 99, expectedRefundMinor: 0 }), 'refused')
    const [record, ...more] = recorded(world)
    expect(more).toEqual([])
    const byTime = { actor: 0, action: 'time', subject: '', reason: '' }
    expect(record).toMatchObject({ sequence: head.count + 2, index: world.index, ...byTime })
    must(send(world, { type: 'tick' }), 'done')
    expect(recorded(world)).toEqual([])
  })

  it('names inspections, secured sessions and what time does only from level 3 on', () => {
    const world = railway()
    const staff = register(world, 'staff@example.org', 'staff')
    const { bookingId } = confirmed(world, world.ann, world.runId)
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    const ask = { type: 'issueTickets', bookingId, passengers: [] } as const
    const { tickets } = must(send(world, ask, { actor: world.ann }), 'ticketsIssued')
    const { ticketNumber = '' } = tickets[0] ?? {}
    const at = { runId: world.runId, stop: 1, atMs: world.nowMs, deviceId: 'gate-1' }
    const scan: Command = { type: 'inspectTicket', ticketNumber, scanId: '1', ...at }
    const old = { ...world, state: loadState(rowsOf(world.state)) }
    old.state.meta.featureLevel = 2
    for (const it of [world, old]) must(send(it, scan, { actor: staff }), 'ticketInspected')
    expect(recorded(world)).toMatchObject([
      { actor: staff, action: 'inspectTicket', subject: `booking:${bookingId}` },
    ])
    expect(recorded(old)).toEqual([])
    const validToMs = old.nowMs + 1_000
    must(send(old, { ...voucher, validFromMs: old.nowMs, validToMs }), 'voucherIssued')
    old.nowMs = validToMs
    must(send(old, { type: 'tick' }), 'done')
    expect(old.changes.some(({ table }) => table === 'ledger_lines')).toBe(true)
    expect(recorded(old)).toEqual([])
  })

  it('goes on from rows that were loaded', () => {
    const world = railway()
    confirmed(world, world.ann, world.runId)
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (const one of [world, loaded]) register(one, 'later@example.org', 'passenger')
    expect(recorded(loaded)).toEqual(recorded(world))
    expect(recorded(loaded)).toHaveLength(1)
  })
})

describe('verifyAudit', () => {
  const { world, records } = chain()
  const first = records[0] as AuditRecord
  const from = { count: first.sequence - 1, link: '' }
  const start = startOf(world, first.sequence)
  const end = auditHead(world.state)
  const verify = (changed: readonly AuditRecord[]) => verifyAudit(changed, start, end)

  it('finds nothing in a chain as it was written, whole or in parts', () => {
    expect(verify(records)).toEqual({ head: end, fault: undefined })
    const half = verifyAudit(records.slice(0, 3), start)
    expect(half.fault).toBeUndefined()
    expect(verifyAudit(records.slice(3), half.head, end).fault).toBeUndefined()
  })

  it.each([
    'sequence',
    'index',
    'atMs',
    'actor',
    'action',
    'subject',
    'reason',
    'before',
    'after',
    'link',
  ] as const)('finds the record whose %s was altered', (field) => {
    const third = records[2] as AuditRecord
    const value = typeof third[field] === 'number' ? Number(third[field]) + 1 : `${third[field]}x`
    const { fault } = verify(records.with(2, { ...third, [field]: value }))
    expect(fault?.sequence).toBe(from.count + 3)
  })

  it('finds one that was removed, at the end too, and two that changed places', () => {
    expect(verify(records.toSpliced(2, 1)).fault).toEqual({
      sequence: from.count + 3,
      problem: 'missing',
    })
    expect(verify(records.slice(0, -1)).fault).toEqual({ sequence: end.count, problem: 'missing' })
    const [a, b] = records as [AuditRecord, AuditRecord]
    expect(verify([b, a, ...records.slice(2)]).fault).toEqual({
      sequence: a.sequence,
      problem: 'missing',
    })
    expect(verify([a, a, ...records.slice(1)]).fault).toEqual({
      sequence: a.sequence,
      problem: 'misplaced',
    })
  })

  it('finds a chain that somebody has written anew, by the head in the state', () => {
    const other = chain()
    other.world.nowMs += 1
    register(other.world, 'p6@example.org', 'passenger')
    const forged = [...other.records, ...recorded(other.world)]
    register(world, 'p7@example.org', 'passenger')
    const { fault } = verifyAudit(forged, start, auditHead(world.state))
    expect(fault).toEqual({ sequence: end.count + 1, problem: 'altered' })
  })
})

function account(email: string): Command {
  return {
    type: 'registerAccount',
    email,
    displayName: 'Z',
    passwordHash: 'h',
    role: 'passenger',
  }
}

/** The head before a record, found by doing the same once more. */
function startOf(world: World, sequence: number): { count: number; link: string } {
  const again = railway()
  const head = auditHead(again.state)
  if (head.count !== sequence - 1 || world.index <= again.index) throw new Error('another railway')
  return head
}
