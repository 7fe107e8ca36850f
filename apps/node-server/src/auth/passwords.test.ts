import { Code } from '@connectrpc/connect'
import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './passwords.ts'

test('a password belongs to its own hash only', async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('correct horsf', hash)).toBe(false)
  expect(await verifyPassword('', hash)).toBe(false)
})

test('the same password is hashed with another salt each time', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
})

test('without an account no password is right', async () => {
  expect(await verifyPassword('anything', undefined)).toBe(false)
})

test('a hash of another scheme or with weaker settings is never accepted', async () => {
  const hash = await hashPassword('pass word')
  expect(await verifyPassword('pass word', hash.replace('argon2id', 'argon2i'))).toBe(false)
  expect(await verifyPassword('pass word', hash.replace('t=2', 't=1'))).toBe(false)
  expect(await verifyPassword('pass word', 'nonsense')).toBe(false)
})

test('composed and decomposed letters are the same password', async () => {
  expect(await verifyPassword('ze\u0301ro', await hashPassword('z\u00e9ro'))).toBe(true)
})

test('more than can be checked in two seconds are told so at once; the others are served in turn', async () => {
  const tries = Array.from({ length: 80 }, (_, at) => verifyPassword(`wrong ${at}`, undefined))
  const ends = await Promise.allSettled(tries)
  const busy = ends.filter((end) => end.status === 'rejected')
  expect(busy).toHaveLength(16)
  for (const { reason } of busy) expect(reason).toMatchObject({ code: Code.ResourceExhausted })
  expect(await verifyPassword('again', undefined)).toBe(false)
})
