import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dependenciesRule } from './rules/dependencies.ts'
import { longFileWarnings } from './rules/file-length.ts'
import { focusedTestsRule } from './rules/focused-tests.ts'
import { importTableRule } from './rules/import-table.ts'
import { linksRule } from './rules/links.ts'
import { machinePathsRule } from './rules/machine-paths.ts'
import { purityRule } from './rules/purity.ts'
import { openTree, type Rule } from './tree.ts'

// Each rule sees a violation fail: small trees, made for it.
let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'quorail-tidy-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function findings(rule: Rule, files: Readonly<Record<string, string>>): readonly string[] {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
  }
  return rule(openTree(root)).map(({ file, line, message }) => `${file}:${line} ${message}`)
}

describe('import table', () => {
  const webManifest = { dependencies: { '@quorail/proto': 'workspace:*', react: 'catalog:' } }
  const web = { 'apps/web/package.json': JSON.stringify(webManifest) }

  test.each([
    ["import { x } from '@quorail/booking-fsm'", /may not import @quorail\/booking-fsm/],
    ["import type { X } from '@quorail/node-server'", /may not import @quorail\/node-server/],
    ["export * from '@quorail/raft-core/core'", /may not import @quorail\/raft-core/],
    ["const x = await import('@quorail/raft-core')", /may not import @quorail\/raft-core/],
    ["import { x } from '../../node-server/src/x.ts'", /leaves apps\/web/],
    ["import { x } from 'left-pad'", /left-pad is no dependency/],
  ])('web: %s', (source, expected) => {
    expect(findings(importTableRule, { ...web, 'apps/web/lib/x.ts': source })).toEqual([
      expect.stringMatching(expected),
    ])
  })

  test('what is allowed is allowed', () => {
    const source = `
      import { x } from '@quorail/proto/x'
      import react from 'react'
      import { y } from './y.ts'
      import { z } from '@/lib/z.ts'
      // import { x } from '@quorail/booking-fsm'
      export const text = "import { x } from '@quorail/booking-fsm'"`
    expect(findings(importTableRule, { ...web, 'apps/web/lib/x.tsx': source })).toEqual([])
  })

  test('one file of the scenarios is the door to raft-core’s source', () => {
    const source = "export * from '../../packages/raft-core/src/core/index.ts'"
    expect(findings(importTableRule, { 'tools/scenarios/raft-core.ts': source })).toEqual([])
    expect(findings(importTableRule, { 'tools/scenarios/other.ts': source })).toEqual([
      expect.stringMatching(/other\.ts:1 .* leaves tools/),
    ])
    const further = "export * from '../../packages/raft-core/src/wal/index.ts'"
    expect(findings(importTableRule, { 'tools/scenarios/raft-core.ts': further })).toHaveLength(2)
  })

  test('a devDependency is for tests only', () => {
    const manifest = JSON.stringify({ devDependencies: { 'fast-check': 'catalog:' } })
    const source = "import fc from 'fast-check'"
    const files = {
      'packages/booking-fsm/package.json': manifest,
      'packages/booking-fsm/src/a.test.ts': source,
      'packages/booking-fsm/src/a.ts': source,
    }
    expect(findings(importTableRule, files)).toEqual([
      expect.stringMatching(/a\.ts:1 fast-check is only a devDependency/),
    ])
  })

  test('the payment sandbox imports nothing of ours', () => {
    const manifest = JSON.stringify({ dependencies: { '@quorail/proto': 'workspace:*' } })
    const files = {
      'apps/payment-sandbox/package.json': manifest,
      'apps/payment-sandbox/src/main.ts': "import '@quorail/proto/x'",
    }
    expect(findings(importTableRule, files)).toEqual([expect.stringMatching(/nothing of ours/)])
  })

  test('raft-core keeps without dependencies, and every package is in the table', () => {
    const manifest = JSON.stringify({ dependencies: { react: 'catalog:' } })
    const files = { 'packages/raft-core/package.json': manifest, 'apps/new/package.json': '{}' }
    expect(findings(importTableRule, files)).toEqual([
      expect.stringMatching(/apps\/new is not in the import table/),
      expect.stringMatching(/raft-core has no dependencies/),
    ])
  })
})

describe('purity', () => {
  test.each([
    'const now = Date.now()',
    'const now = new Date()',
    'const dice = Math.random()',
    'const far = Math.sin(1)',
    'setTimeout(() => {}, 1)',
    "import { readFileSync } from 'node:fs'",
    "const order = 'a'.localeCompare('b')",
    'const price = (1).toLocaleString()',
    'const f = new Intl.NumberFormat()',
  ])('%s', (source) => {
    const files = { 'packages/booking-fsm/src/x.ts': source }
    expect(findings(purityRule, files)).toHaveLength(1)
  })

  test('a name is no use of it, and tests and adapters are free', () => {
    const files = {
      'packages/booking-fsm/src/x.ts':
        '// Date.now()\nconst x = { Date: 1, y: "Math.random()" }.Date',
      'packages/booking-fsm/src/x.test.ts': 'Date.now()',
      'packages/raft-core/src/wal/node-fs.ts': "import 'node:fs'",
      'packages/raft-core/src/tcp/node-sockets.ts': "import 'node:net'",
    }
    expect(findings(purityRule, files)).toEqual([])
    const elsewhere = {
      'packages/raft-core/src/core/node-fs.ts': "import 'node:fs'",
      'packages/raft-core/src/tcp/frame.ts': "import 'node:net'",
    }
    expect(findings(purityRule, elsewhere)).toHaveLength(2)
  })
})

test('focused and skipped tests', () => {
  const marks = ['test.only', 'it.skip', 'describe.todo', 'test.describe.only', 'test.fixme']
  const source = marks.map((mark) => `${mark}('x', () => {})`).join('\n')
  expect(findings(focusedTestsRule, { 'e2e/tests/a.spec.ts': source })).toHaveLength(marks.length)
  const fine = "test.each([1])('x', () => {}); test.skipIf(true)('y', () => {}); pages.skip(1)"
  expect(findings(focusedTestsRule, { 'e2e/tests/a.spec.ts': fine })).toEqual([])
})

test('paths of one machine', () => {
  const inside = ['', 'work', 'x'].join('/')
  const files = { 'docs/a.md': `see ${inside}`, 'docs/b.md': `see https://example.org${inside}` }
  expect(findings(machinePathsRule, files)).toEqual([expect.stringContaining('docs/a.md:1')])
})

test('links', () => {
  const page = '[a](b.md) [b](gone.md) [c](#here) [d](b.md#there)\n`[e](code.md)`\n\n## Here\n'
  expect(findings(linksRule, { 'docs/a.md': page, 'docs/b.md': '# B' })).toEqual([
    'docs/a.md:1 "gone.md" leads to nothing.',
    'docs/a.md:1 "b.md#there": the page has no such heading.',
  ])
})

test('dependencies without catalogue or reason', () => {
  const dependencies = { '@quorail/proto': 'workspace:*', known: 'catalog:', loose: '^1.0.0' }
  const files = {
    'docs/decisions/0001-toolchain.md': '`known`: because. `loose`: because.',
    'apps/x/package.json': JSON.stringify({ dependencies, devDependencies: { dark: 'catalog:' } }),
  }
  expect(findings(dependenciesRule, files)).toEqual([
    expect.stringContaining('loose: the version belongs in'),
    expect.stringContaining('dark has no line in'),
  ])
})

test('long files', () => {
  writeFileSync(path.join(root, 'long.ts'), '\n'.repeat(401))
  writeFileSync(path.join(root, 'short.ts'), '\n'.repeat(400))
  expect(longFileWarnings(openTree(root), {})).toEqual([expect.stringContaining('long.ts has 401')])
  expect(longFileWarnings(openTree(root), { 'long.ts': 'a table' })).toEqual([])
})
