import { expect, test } from 'vitest'
import { findBrowser, type Machine } from './browser.ts'

function machine(files: string[], more: Partial<Machine> = {}): Machine & { ran: string[] } {
  const ran: string[] = []
  return {
    chromiumPath: undefined,
    exists: (file) => files.includes(file),
    isRootOnDebian: () => false,
    run: (command) => {
      ran.push(command)
      return true
    },
    ran,
    ...more,
  }
}

test('CHROMIUM_PATH comes first', () => {
  const here = machine(['/usr/bin/chromium', '/mine'], { chromiumPath: '/mine' })
  expect(findBrowser(here)).toEqual({ path: '/mine' })
})

test('a CHROMIUM_PATH that leads nowhere is said, not worked around', () => {
  const here = machine(['/usr/bin/chromium'], { chromiumPath: '/nowhere' })
  expect(findBrowser(here)).toMatchObject({ missing: expect.stringContaining('/nowhere') })
})

test('an installed browser is used as it is', () => {
  const here = machine(['/usr/bin/google-chrome'], { isRootOnDebian: () => true })
  expect(findBrowser(here)).toEqual({ path: '/usr/bin/google-chrome' })
  expect(here.ran).toEqual([])
})

test('as root on Debian it is installed', () => {
  const files: string[] = []
  const here = machine(files, {
    isRootOnDebian: () => true,
    run: (command) => {
      expect(command).toContain('apt-get install -y --no-install-recommends chromium')
      files.push('/usr/bin/chromium')
      return true
    },
  })
  expect(findBrowser(here)).toEqual({ path: '/usr/bin/chromium' })
})

test('otherwise it says what to install', () => {
  const here = machine([])
  expect(findBrowser(here)).toMatchObject({ whatToDo: expect.stringContaining('chromium') })
  expect(here.ran).toEqual([])
})
