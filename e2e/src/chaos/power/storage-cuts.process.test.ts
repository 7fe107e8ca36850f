import { expect, test } from 'vitest'
import { cutStorage } from './storage-cuts.ts'

const isCi = process.env.CI !== undefined && process.env.CI !== ''
const seed = Number(process.env.QUORAIL_SEED ?? 1)

test('500 power cuts of one log under load lose nothing that was acknowledged', async () => {
  const result = await cutStorage(isCi ? 500 : 50, seed)
  console.log(JSON.stringify(result))
  expect(result).toMatchObject({ lost: 0, failures: [] })
  expect(result.acknowledged).toBeGreaterThan(result.cuts)
  expect(result.filesTorn).toBeGreaterThan(0)
}, 600_000)

test('the control: when syncs do nothing, what was acknowledged is lost', async () => {
  const result = await cutStorage(4, seed, true)
  expect(result.lost).toBeGreaterThan(0)
}, 300_000)
