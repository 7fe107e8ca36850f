import { expect, it } from 'vitest'
import { applyEntry } from '../apply.ts'
import { createState } from '../state.ts'
import { hasStaff } from './accounts.ts'

it('hasStaff: whether anybody but passengers has an account', () => {
  const state = createState()
  const found = {
    type: 'foundCluster',
    clusterId: 'ab'.repeat(16),
    pnrKey: [1, 2, 3, 4],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: 120_000,
  } as const
  applyEntry(state, { index: 1, timestampMs: 1, actor: 0, key: undefined, command: found })
  const roles = ['passenger', 'operator'] as const
  const seen = roles.map((role, at) => {
    const command = {
      type: 'registerAccount',
      email: `${role}@example.org`,
      displayName: role,
      passwordHash: 'x',
      role,
    } as const
    applyEntry(state, { index: 2 + at, timestampMs: 2, actor: 0, key: undefined, command })
    return hasStaff(state)
  })
  expect(seen).toEqual([false, true])
})
