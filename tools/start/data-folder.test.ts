import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataFolder, resetDataFolder } from './data-folder.ts'

let parent: string
let folder: string

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'quorail-data-'))
  folder = path.join(parent, 'data')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

test('the logins are made once, are secret, and stay', () => {
  const first = openDataFolder(folder)
  expect(first.firstStart).toBe(true)
  expect(first.logins.staff.password).toMatch(/^[a-z2-9]{12}$/)
  expect(statSync(first.demoFile).mode & 0o777).toBe(0o600)
  expect(statSync(first.paymentSecretFile).mode & 0o777).toBe(0o600)
  expect(readFileSync(first.sealKeyFile, 'utf8')).toMatch(/^[0-9a-f]{64}$/)
  const secret = readFileSync(first.paymentSecretFile, 'utf8')
  first.release()
  const second = openDataFolder(folder)
  expect(second.firstStart).toBe(false)
  expect(second.logins).toEqual(first.logins)
  expect(readFileSync(second.paymentSecretFile, 'utf8')).toBe(secret)
})

test('a second launcher on the same folder is refused', () => {
  openDataFolder(folder).release()
  writeFileSync(path.join(folder, 'launcher.pid'), String(process.ppid))
  expect(() => openDataFolder(folder)).toThrow(/is in use: another npm start/)
})

test('what a launcher left behind when it was killed does not matter', () => {
  openDataFolder(folder).release()
  writeFileSync(path.join(folder, 'launcher.pid'), String(2 ** 22 + 1))
  expect(() => openDataFolder(folder)).not.toThrow()
})

test('reset asks for yes, then deletes', () => {
  openDataFolder(folder).release()
  expect(() => resetDataFolder(folder, false)).toThrow(/npm start -- --reset --yes/)
  expect(existsSync(folder)).toBe(true)
  resetDataFolder(folder, true)
  expect(existsSync(folder)).toBe(false)
})

test("somebody's own folder is neither filled nor deleted", () => {
  writeFileSync(path.join(parent, 'thesis.txt'), 'years of work')
  expect(() => openDataFolder(parent)).toThrow(/is not a data folder of Quorail/)
  expect(() => resetDataFolder(parent, true)).toThrow(/is not a data folder of Quorail/)
  expect(existsSync(path.join(parent, 'thesis.txt'))).toBe(true)
})

test('logins that can not be read are named with the way out', () => {
  openDataFolder(folder).release()
  writeFileSync(path.join(folder, 'demo.json'), '{"staff":')
  expect(() => openDataFolder(folder)).toThrow(/demo.json can not be read.*--reset --yes/)
})
