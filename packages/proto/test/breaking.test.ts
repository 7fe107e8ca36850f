/**
 * The schemas may grow and must not break: logs live for ever, and clients are older than servers.
 * The baseline is what was promised last; `pnpm --filter @quorail/proto baseline` makes a new one,
 * which belongs to a release and nowhere else.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const root = path.join(packageFolder, '../..')
const baseline = path.join(packageFolder, 'testdata/baseline.binpb')
const buf = path.join(root, 'node_modules/.bin/buf')
let copy: string

beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'quorail-proto-'))
  cpSync(path.join(root, 'buf.yaml'), path.join(copy, 'buf.yaml'))
  for (const folder of ['proto', 'vendor']) {
    cpSync(path.join(packageFolder, folder), path.join(copy, 'packages/proto', folder), {
      recursive: true,
    })
  }
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

function breaking() {
  const args = ['breaking', 'packages/proto/proto', '--against', baseline]
  const { status, stdout, stderr } = spawnSync(buf, args, { cwd: copy, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

function change(file: string, from: string | RegExp, to: string) {
  const name = path.join(copy, 'packages/proto/proto/quorail', file)
  const before = readFileSync(name, 'utf8')
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  writeFileSync(name, after)
}

test('nothing that was promised is broken', () => {
  expect(breaking()).toEqual({ status: 0, said: '' })
})

test.each([
  [
    'a field of the log is renumbered',
    'command/v1/command.proto',
    /(?<=message HoldSeats \{[^}]*)uint64 run_id = 1;/,
    'uint64 run_id = 99;',
  ],
  [
    'a field of the API changes its type',
    'booking/v1/types.proto',
    'string pnr = 2;',
    'bytes pnr = 2;',
  ],
  ['an RPC disappears', 'booking/v1/payment_service.proto', /rpc Pay\(.*;/, ''],
  ['an enum value disappears', 'booking/v1/types.proto', /BOOKING_STATUS_RELEASED = 6;/, ''],
])('it is seen when %s', (_what, file, from, to) => {
  change(file, from, to)
  const { status, said } = breaking()
  expect(status).not.toBe(0)
  expect(said).toContain(path.basename(file))
})

test('growing is allowed', () => {
  change(
    'booking/v1/types.proto',
    'string pnr = 2;',
    'string pnr = 2;\n  // New.\n  string nickname = 99;',
  )
  expect(breaking().status).toBe(0)
})
