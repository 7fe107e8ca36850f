import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyTicket } from './verify-ticket.ts'

const clusterId = 'ab'.repeat(16)
const keyId = '0011223344556677'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = {
  keyId,
  publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
  withdrawn: false,
}
const facts = [
  ...[1, clusterId, 'ABCDEFGHJ', 'PNR1234', 7, 'IC 1', 20261125],
  ...[0, 'GVA', 3, 'BRN', '2', '4', '12A', 'Zoë Ωmega', 'child', 1_000, 2_000],
]

function textOf(payload: string, signed = payload): string {
  const parts = [Buffer.from(payload), sign(null, Buffer.from(signed), privateKey)]
  return ['QT1', keyId, ...parts.map((part) => part.toString('base64url'))].join('.')
}
const good = textOf(JSON.stringify(facts))
const verdictOf = async (text: string, nowMs = 1_500, keys = [key], railway = clusterId) =>
  (await verifyTicket(text, keys, railway, nowMs)).verdict

test('a genuine ticket is valid in its time, with all that it says', async () => {
  const check = await verifyTicket(good, [key], clusterId, 1_000)
  expect(check).toEqual({
    verdict: 'valid',
    ticket: {
      clusterId,
      ticketNumber: 'ABCDEFGHJ',
      pnr: 'PNR1234',
      runId: 7,
      trainNumber: 'IC 1',
      serviceDate: 20261125,
      fromStop: 0,
      fromStation: 'GVA',
      toStop: 3,
      toStation: 'BRN',
      classCode: '2',
      coachLabel: '4',
      seatLabel: '12A',
      name: 'Zoë Ωmega',
      passengerType: 'child',
      validFromMs: 1_000,
      validToMs: 2_000,
    },
  })
  expect(await verdictOf(good, 999)).toBe('notYetValid')
  expect(await verdictOf(good, 1_999)).toBe('valid')
  expect(await verdictOf(good, 2_000)).toBe('expired')
})

test('another name under the same signature is forged, and so is a signature changed anywhere', async () => {
  const other = JSON.stringify(facts.with(14, 'Somebody Else'))
  expect(await verdictOf(textOf(other, JSON.stringify(facts)))).toBe('forged')
  const at = good.length - 40
  const changed = good.slice(0, at) + (good[at] === 'x' ? 'y' : 'x') + good.slice(at + 1)
  expect(await verdictOf(changed)).toBe('forged')
  expect(await verdictOf(good, 1_500, [{ ...key, publicKey: '00' }])).toBe('forged')
})

test('keys: unknown, withdrawn, of another railway', async () => {
  expect(await verdictOf(good, 1_500, [])).toBe('unknownKey')
  expect(await verdictOf(good, 1_500, [{ ...key, withdrawn: true }])).toBe('withdrawnKey')
  expect(await verdictOf(good, 1_500, [key], 'cd'.repeat(16))).toBe('otherRailway')
})

test.each([
  '',
  'https://example.org',
  'QT1.0011223344556677..',
  `${good}.`,
  good.replace('1', '2'),
])('what is no ticket is unreadable: %s', async (text) => {
  expect(await verdictOf(text)).toBe('unreadable')
})

test('a genuine payload of a later version, or with something else in it, is unreadable', async () => {
  for (const odd of [facts.with(0, 2), facts.slice(1), facts.with(4, '7'), {}]) {
    expect(await verdictOf(textOf(JSON.stringify(odd)))).toBe('unreadable')
  }
  expect(await verdictOf(textOf('not JSON'))).toBe('unreadable')
})
