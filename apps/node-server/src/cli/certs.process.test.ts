/** `quorail certs` as it is typed. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

async function certs(...words: string[]): Promise<{ code: number; out: string; told: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      main,
      'certs',
      ...words,
    ])
    return { code: 0, out: stdout, told: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, told: stderr }
  }
}

const cluster =
  'n1=https://a.example:3001,https://10.0.0.1:3011;n2=https://localhost:3002,https://localhost:3012'

test('made, added to, renewed and shown', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-certs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const out = path.join(folder, 'certs')
  const made = await certs('--out', out, '--cluster', cluster, '--json')
  expect(made.code, made.told).toBe(0)
  const { clusterId, certificates } = JSON.parse(made.out)
  expect(
    certificates.map(({ file, hosts }: { file: string; hosts: string[] }) => [file, ...hosts]),
  ).toEqual([
    ['ca.crt'],
    ['n1/peer.crt', 'a.example', '10.0.0.1'],
    ['n1/client.crt', 'a.example', '10.0.0.1'],
    ['n2/peer.crt', 'localhost', '127.0.0.1', '::1'],
    ['n2/client.crt', 'localhost', '127.0.0.1', '::1'],
  ])
  expect(await certs('--out', out, '--cluster', cluster)).toMatchObject({
    code: 2,
    told: expect.stringContaining('already'),
  })
  const added = await certs('add', 'n4', '--out', out, '--hosts', 'd.example', '--days', '20')
  expect(added.out).toContain(`--cluster-id ${clusterId}`)
  expect(added.out).toContain('n4/peer.crt')
  const shown = await certs('show', '--out', out)
  expect(shown).toMatchObject({
    code: 1,
    out: expect.stringMatching(/n4\/peer.crt .*\(19 days left\) {2}d.example/),
  })
  await certs('renew', 'n4', '--out', out)
  expect((await certs('show', '--out', out)).code).toBe(0)
})
