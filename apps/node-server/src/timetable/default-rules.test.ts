import { info } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { defaultRules } from './default-rules.ts'

test('a new cluster gets a table of fares and of refunds, once', async () => {
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  foundMemoryHost(host)
  const { signal } = new AbortController()
  await defaultRules(host)(signal)
  await defaultRules(host)(signal)
  expect(info(host.state)).toMatchObject({ fareRules: 1, refundRules: 1 })
})

test('before the founding it fails, to be tried again', async () => {
  const host = createMemoryHost(0)
  await expect(defaultRules(host)(new AbortController().signal)).rejects.toThrow(/notFounded/)
})
