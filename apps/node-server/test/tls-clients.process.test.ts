/** Who calls a cluster over TLS that has an authority of its own: the command line, programs by cluster-client, the web app's server. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { eventually } from './waiting.ts'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const feed = here('../testdata/gtfs/quoted')

let cluster: TestCluster
beforeAll(async () => {
  cluster = await TestCluster.start({ certificates: true })
  await cluster.leader()
}, 180_000)
afterAll(() => cluster.stop())

interface Said {
  readonly code: number
  readonly out: string
  readonly told: string
}

/** Believes nobody whom the words or the environment do not name. */
async function run(
  script: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Said> {
  const { NODE_EXTRA_CA_CERTS: _, QUORAIL_CA: __, ...plain } = process.env
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], {
      env: { ...plain, ...environment },
      timeout: 150_000,
    })
    return { code: 0, out: stdout, told: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, told: stderr }
  }
}

const quorail = (words: readonly string[], environment?: Record<string, string>) =>
  run(here('../src/main.ts'), [...words, '--cluster', cluster.cluster], environment)
const authority = (): string => cluster.authority ?? ''
const asStaff = (): string[] => ['--data', cluster.folder]

const program = (environment: Record<string, string>) => {
  const given = {
    nodes: cluster.addresses.nodes,
    login: cluster.logins.passenger,
    memberAddresses: here('../../web/lib/server/member-addresses.ts'),
  }
  return run(here('tls-program.ts'), [JSON.stringify(given)], environment)
}

test.each(['--ca', 'QUORAIL_CA'])('the command line believes who is named by %s', async (how) => {
  const [words, environment] =
    how === '--ca' ? [['--ca', authority()], {}] : [[], { QUORAIL_CA: authority() }]
  const status = await quorail(['status', '--json', ...words], environment)
  expect(status.code, status.told).toBe(0)
  expect(JSON.parse(status.out).map(({ address }: { address: string }) => address)).toEqual(
    cluster.addresses.nodes,
  )
  await eventually(async () => {
    const staff = ['--role', 'staff', ...asStaff(), ...words]
    const accounts = await quorail(['admin', 'accounts', '--json', ...staff], environment)
    expect(accounts.code, accounts.told).toBe(0)
    expect(accounts.out).toContain(cluster.logins.staff.email)
  }, 60_000)
  const members = await quorail(['members', '--json', ...asStaff(), ...words], environment)
  expect(members.code, members.told).toBe(0)
})

test('a timetable is imported', async () => {
  const shifted = ['--shift-dates-to', new Date(Date.now() + 864e5).toISOString().slice(0, 10)]
  const words = ['import-gtfs', feed, ...shifted, ...asStaff(), '--json', '--ca', authority()]
  const imported = await quorail(words)
  expect(imported.code, imported.told + imported.out).toBe(0)
})

test('without the authority nothing is said to anybody, and the command line says that no node answers', async () => {
  const status = await quorail(['status'])
  expect(status.code).toBe(1)
  expect(status.out).toContain('unreachable')
  const imported = await quorail(['import-gtfs', feed, ...asStaff()])
  expect(imported.code).toBe(1)
  const unbelieved = await program({})
  expect(JSON.parse(unbelieved.out)).toEqual({ code: 'NO_NODE_REACHABLE' })
})

test('programs by cluster-client, and the web app’s server, believe NODE_EXTRA_CA_CERTS; also when another leads', async () => {
  const expected = { streamed: 20, watched: true, members: cluster.addresses.nodes }
  const environment = { NODE_EXTRA_CA_CERTS: authority() }
  const said = await program(environment)
  expect(said.code, said.told).toBe(0)
  expect(JSON.parse(said.out)).toEqual(expected)
  const { id } = await cluster.leader()
  await cluster.kill(id)
  // The one that is dead is among the addresses, and may be the first.
  await eventually(async () => {
    const again = await program(environment)
    expect(again.code, again.told).toBe(0)
    expect(JSON.parse(again.out)).toMatchObject({ streamed: 20, watched: true })
  }, 90_000)
  await cluster.start(id)
})
