/** `quorail admin` as a process of its own, against a cluster. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { expect, onTestFinished, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { codeOf } from '../src/auth/totp.ts'
import { trafficEmail } from '../src/demo/seed-demo.ts'
import { eventually } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function run(cluster: TestCluster, words: readonly string[], env: Record<string, string> = {}) {
  const all = [main, 'admin', ...words, '--cluster', cluster.cluster, '--data', cluster.folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, {
    encoding: 'utf8',
    timeout: 200_000,
    env: { ...process.env, ...env },
  })
  return { status, stdout, stderr }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((it) => letters.indexOf(it).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

function json(cluster: TestCluster, ...words: string[]) {
  const { status, stdout, stderr } = run(cluster, [...words, '--json'])
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

test("a railway's staff look up people, rules, runs and trains; roles are an operator's", async () => {
  await using cluster = await TestCluster.start()
  await cluster.leader()
  const { passenger, staff } = cluster.logins

  // The demo's staff come first, and its traffic when everything else is there.
  await expect
    .poll(() => run(cluster, ['accounts', trafficEmail]).status, { timeout: 60_000, interval: 500 })
    .toBe(0)
  const { accounts } = json(cluster, 'accounts', '--email', passenger.email.slice(0, 4)) as {
    accounts: { id: number; email: string; role: string; state: string }[]
  }
  const found = accounts.find((it) => it.email === passenger.email)
  expect(found).toMatchObject({ role: 'passenger', state: 'open' })
  const one = json(cluster, 'accounts', passenger.email)
  expect(one).toMatchObject({ account: { id: found?.id }, bookings: 0 })
  const ofStaff = json(cluster, 'accounts', '--role', 'staff')
  expect(ofStaff).toMatchObject({ accounts: [{ email: staff.email }] })
  expect(json(cluster, 'sessions', staff.email)).toMatchObject({ ended: false })

  const { rules, kinds } = json(cluster, 'rules', 'fare') as {
    rules: { kind: string; counts: boolean; content: unknown }[]
    kinds: string[]
  }
  expect(rules.filter(({ counts }) => counts)).toHaveLength(1)
  expect(kinds).toContain('sales')

  const { trains } = json(cluster, 'trains') as { trains: { id: number; number: string }[] }
  const [train] = trains
  expect(json(cluster, 'trains', train?.number ?? '')).toMatchObject({ id: train?.id, blocks: [] })
  const date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const { runs } = json(cluster, 'runs', '--from', date, '--limit', '3') as {
    runs: { states: string[]; classes: { capacity: number }[] }[]
  }
  expect(runs).toHaveLength(3)
  expect(runs[0]?.classes[0]?.capacity).toBeGreaterThan(0)
  const table = run(cluster, ['runs', '--from', date, '--limit', '3']).stdout
  expect(table).toMatch(/^ID +TRAIN +DATE +STATE/)
  expect(table).toMatch(/There is more: --page \d+/)

  // The demo's staff is no operator.
  const role = run(cluster, ['roles', passenger.email, 'staff'])
  expect([role.status, role.stdout]).toEqual([1, ''])
  expect(role.stderr).toMatch(/only|may not|not allowed/i)
  const nobody = run(cluster, ['accounts', 'nobody@example.org'])
  expect([nobody.status, nobody.stderr]).toEqual([
    1,
    'Nobody has an account with nobody@example.org.\n',
  ])
  expect(run(cluster, ['accounts', '--state', 'lost']).status).toBe(2)
  const wrong = run(cluster, ['trains', '--email-as', staff.email], { QUORAIL_PASSWORD: 'guessed' })
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('password')])
})

test('the first operator gives roles and ends sessions; a token is enough to look', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-admin-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'operator.json')
  const login = { email: 'olga@example.org', password: 'correct horse' }
  writeFileSync(file, JSON.stringify(login), { mode: 0o600 })
  await using cluster = await TestCluster.start({
    demo: false,
    nodeArguments: ['--first-operator', file],
  })
  const by = ['--login', file]
  await expect
    .poll(() => run(cluster, ['trains', ...by]).status, { timeout: 60_000, interval: 500 })
    .toBe(0)
  const pat = { email: 'pat@example.org', password: 'correct horse', displayName: 'Pat' }
  // Of the one that leads: the same request again, if that has just changed.
  const { sessionToken } = await eventually(async () => {
    const { address } = await cluster.leader()
    const transport = createConnectTransport({ baseUrl: address, httpVersion: '1.1' })
    const accounts = createClient(AccountService, transport)
    return accounts.register({ requestId: 'register-pat', ...pat })
  })
  expect(json(cluster, 'roles', pat.email, 'staff', ...by)).toMatchObject({ role: 'staff' })
  const token = { QUORAIL_TOKEN: sessionToken }
  // A second factor, set up by the command line as well.
  const begun = run(cluster, ['second-factor', 'begin', '--json'], {
    ...token,
    QUORAIL_PASSWORD: pat.password,
  })
  const { secret } = JSON.parse(begun.stdout) as { secret: string }
  const code = () => codeOf(bytesOf(secret), Math.floor(Date.now() / 30_000))
  const enabled = run(cluster, ['second-factor', 'enable', code(), '--json'], token)
  const { recoveryCodes } = JSON.parse(enabled.stdout) as { recoveryCodes: string[] }
  const asPat = ['rules', '--email-as', pat.email]
  const needed = run(cluster, asPat, { QUORAIL_PASSWORD: pat.password })
  expect([needed.status, needed.stderr]).toEqual([1, expect.stringContaining('second factor')])
  const [recovery = ''] = recoveryCodes
  const entered = { QUORAIL_PASSWORD: pat.password, QUORAIL_CODE: recovery }
  expect(run(cluster, asPat, entered).status).toBe(0)
  const asked = json(cluster, 'second-factor', 'ask', pat.email, ...by)
  expect(json(cluster, 'second-factor', 'resets', ...by)).toMatchObject({
    resets: [{ account: asked.asked }],
  })
  const alone = run(cluster, ['second-factor', 'approve', pat.email, ...by])
  expect(alone.status).toBe(1)
  expect(run(cluster, ['rules'], token).status).toBe(0)
  expect(json(cluster, 'sessions', pat.email, '--end', ...by)).toMatchObject({ sessions: [] })
  // A follower that lags may not know yet.
  await expect.poll(() => run(cluster, ['rules'], token).status).toBe(1)
  const late = run(cluster, ['rules'], token)
  expect([late.status, late.stderr]).toEqual([1, expect.stringContaining('not logged in')])
  for (const text of [late.stdout, late.stderr]) expect(text).not.toContain(sessionToken)
})
