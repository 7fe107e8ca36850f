import { expect, it } from 'vitest'
import { addressFinder, checkTcpOptions, TCP_DEFAULTS, type TcpOptions } from './options.ts'

const host = 'h'
const options: TcpOptions = { id: 'a', clusterId: 'c1'.repeat(16), listen: { host, port: 0 } }

it('an address is asked of the function, then looked up in the map', () => {
  const peers = { b: { host, port: 2 }, c: { host, port: 3 } }
  const addressOf = (id: string) => (id === 'c' ? undefined : { host: `${id}.example`, port: 9 })
  const both = addressFinder({ ...options, peers, addressOf })
  expect(both('b')).toEqual({ host: 'b.example', port: 9 })
  expect(both('c')).toEqual({ host, port: 3 })
  expect(addressFinder({ ...options, peers })('d')).toBeUndefined()
  expect(addressFinder(options)('b')).toBeUndefined()
})

it('an address that can not be connected to is none', () => {
  for (const port of [0, -1, 65_536, 1.5, Number.NaN]) {
    expect(addressFinder({ ...options, addressOf: () => ({ host, port }) })('b')).toBeUndefined()
  }
  expect(addressFinder({ ...options, addressOf: () => ({ host: '', port: 1 }) })('b')).toBe(
    undefined,
  )
})

it('limits are filled in, and refused by name', () => {
  expect(checkTcpOptions(options)).toEqual(TCP_DEFAULTS)
  expect(checkTcpOptions({ ...options, limits: { maxGuests: 3 } }).maxGuests).toBe(3)
  const bad = { ...options, limits: { maxBulkWaitingBytes: 0 } }
  expect(() => checkTcpOptions(bad)).toThrow('limits.maxBulkWaitingBytes: must be a number')
  expect(() => checkTcpOptions({ ...options, limits: { maxBatchBytes: 2 ** 31 } })).toThrow('1 GiB')
})
