/** Accounts: what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { DAY, type Railway } from '../world.ts'

export function accountCommands(_: Railway, draw: () => number): readonly Command[] {
  const role = (['passenger', 'staff', 'operator'] as const)[draw() % 3] ?? 'passenger'
  return [
    {
      type: 'registerAccount',
      email: draw() % 2 === 0 ? 'ann@example.org' : `p${draw() % 1_000}@example.org`,
      displayName: 'P',
      passwordHash: 'h',
      role,
    },
    {
      type: 'openSession',
      accountId: 1 + (draw() % 6),
      tokenHash: String(draw() % 10).repeat(64),
      ttlMs: DAY,
    },
    { type: 'setRole', accountId: 1 + (draw() % 8), role },
    {
      type: 'changePassword',
      passwordHash: 'h',
      keepTokenHash: draw() % 2 === 0 ? '' : '1'.repeat(64),
    },
    { type: 'requestPasswordReset', accountId: 1 + (draw() % 8) },
    {
      type: 'grantPasswordReset',
      accountId: 1 + (draw() % 8),
      tokenHash: '2'.repeat(64),
      ttlMs: DAY,
    },
    {
      type: 'resetPassword',
      accountId: 1 + (draw() % 8),
      tokenHash: '2'.repeat(64),
      passwordHash: 'h',
    },
    // Mostly those that nobody acts with: the others have more to do.
    {
      type: 'setAccountOpen',
      accountId: draw() % 3 === 0 ? 1 + (draw() % 8) : 4 + (draw() % 2),
      open: draw() % 2 === 0,
    },
    {
      type: 'savePassenger',
      passengerId: draw() % 3,
      name: 'P',
      passengerType: 'child',
      birthDate: 20_000_101,
      document: '',
    },
    { type: 'forgetPassenger', passengerId: 1 + (draw() % 22) },
    { type: 'deleteAccount', accountId: 1 + (draw() % 12) },
    { type: 'closeSession', tokenHash: String(draw() % 10).repeat(64) },
  ]
}
