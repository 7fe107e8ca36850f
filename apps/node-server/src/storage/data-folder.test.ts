import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataFolder } from './data-folder.ts'

let parent = ''
let folder = ''
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'quorail-folder-'))
  folder = path.join(parent, 'n1')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const writeLog = (): void => {
  mkdirSync(path.join(folder, 'log'), { recursive: true })
  writeFileSync(path.join(folder, 'log', 'superblock'), 'x')
}

test('a new folder is laid out, and opened again as it is', () => {
  const made = openDataFolder(folder, 'n1')
  expect(made).toMatchObject({ newLog: true, setAside: undefined })
  expect(made.databaseFile).toBe(path.join(folder, 'state', '1.db'))
  writeLog()
  expect(openDataFolder(folder, 'n1')).toMatchObject({ newLog: false, setAside: undefined })
})

test('the folder of another node is refused by name', () => {
  openDataFolder(folder, 'n1')
  expect(() => openDataFolder(folder, 'n2')).toThrow(/is the folder of node n1, not of n2/)
})

test('a state whose log has vanished is set aside, never deleted and never used', () => {
  const { databaseFile } = openDataFolder(folder, 'n1')
  writeLog()
  writeFileSync(databaseFile, 'rows')
  rmSync(path.join(folder, 'log'), { recursive: true })
  const again = openDataFolder(folder, 'n1')
  expect(again.newLog).toBe(true)
  expect(existsSync(again.databaseFile)).toBe(false)
  expect(readdirSync(again.setAside ?? '')).toEqual(['1.db'])
})

test('a lock alone is no log', () => {
  openDataFolder(folder, 'n1')
  mkdirSync(path.join(folder, 'log'))
  writeFileSync(path.join(folder, 'log', 'lock'), '1')
  expect(openDataFolder(folder, 'n1').newLog).toBe(true)
})
