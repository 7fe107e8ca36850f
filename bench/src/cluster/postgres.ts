import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { Cleanup } from '../harness/cleanup.ts'
import { guardFolder } from '../harness/guard.ts'
import { Durations } from '../harness/sample.ts'
import type { RunReport } from './caller-process.ts'
import { SEATS, SEGMENTS } from './railway-facts.ts'
import { Missing, type RunningSystem } from './system.ts'

const install = 'apt-get install postgresql postgresql-contrib'
const table = `
CREATE EXTENSION btree_gist;
CREATE SEQUENCE place;
CREATE TABLE holds (
  id bigserial PRIMARY KEY, run int, seat int, segments int4range, account int, request text,
  EXCLUDE USING gist (run WITH =, seat WITH =, segments WITH &&));
`

/** One primary and two standbys, of which one must have a commit on its disk before it is answered. */
export async function startPostgres(
  folder: string,
  runs: number,
  cleanup: Cleanup,
): Promise<RunningSystem> {
  const bin = binaries()
  const user = ownUser()
  const own = mkdtempSync(path.join(folder, 'postgres-'))
  guardFolder(own)
  if (user !== undefined) chownSync(own, user.uid, user.gid)
  chmodSync(own, 0o700)
  const children: ChildProcess[] = []
  const call = (program: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(path.join(bin, program), words, {
      ...user,
      cwd: own,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
    return stdout
  }
  const socketOf = (name: string) => path.join(own, `${name}-socket`)
  const start = (name: string) => {
    const data = path.join(own, name)
    // Connections over a socket only: no port is taken. A base backup must not carry it along.
    const words = ['-D', data, '-k', socketOf(name), '-c', 'listen_addresses=']
    mkdirSync(socketOf(name))
    if (user !== undefined) chownSync(socketOf(name), user.uid, user.gid)
    children.push(spawn(path.join(bin, 'postgres'), words, { ...user, stdio: 'ignore' }))
  }
  const psql = (command: string) =>
    call('psql', '-h', socketOf('p'), '-U', 'postgres', '-Atqc', command, 'postgres')
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end))
    rmSync(own, { recursive: true, force: true })
  }
  cleanup.add(stop)
  call('initdb', '-D', path.join(own, 'p'), '-U', 'postgres', '-A', 'trust', '--no-sync')
  writeFileSync(path.join(own, 'p', 'postgresql.auto.conf'), settings, { flag: 'a' })
  start('p')
  await until(() => psql('SELECT 1') !== '')
  psql(table)
  for (const standby of ['s1', 's2']) {
    const from = `host=${socketOf('p')} user=postgres application_name=${standby}`
    call('pg_basebackup', '-D', path.join(own, standby), '-d', from, '-R', '-c', 'fast')
    start(standby)
  }
  await until(() => psql('SELECT count(*) FROM pg_stat_replication').trim() === '2')
  psql("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (s1, s2)'")
  psql('SELECT pg_reload_conf()')
  await until(() => psql('SHOW synchronous_standby_names').startsWith('ANY 1'))
  writeFileSync(path.join(own, 'hold.sql'), script(runs))
  return {
    async processes() {
      const [primary, one, other] = children.map(({ pid }) => pid ?? 0)
      return { leader: primary ?? 0, follower: one ?? 0, 'other follower': other ?? 0 }
    },
    run: ({ callers, seconds, perSecond }) =>
      pgbench({ bin, own, user, callers, seconds, perSecond }),
  }
}

const settings = `
max_connections = 1100
shared_buffers = 256MB
max_wal_size = 4GB
fsync = on
synchronous_commit = on
`

/** Every hold has a place of its own, as the seat that our rules choose is free. */
const script = (runs: number) => `
INSERT INTO holds (run, seat, segments, account, request)
SELECT n % ${runs}, n / ${runs} % ${SEATS}, int4range(g, g + 1), 1, 'request-' || n
FROM (SELECT n, (n / ${runs * SEATS} % ${SEGMENTS})::int AS g FROM (SELECT nextval('place') AS n) s) t;
`

interface Bench {
  readonly bin: string
  readonly own: string
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  readonly callers: number
  readonly seconds: number
  readonly perSecond: number | undefined
}

async function pgbench(bench: Bench): Promise<RunReport> {
  const { bin, own, user, callers, seconds, perSecond } = bench
  const logs = path.join(own, 'logs')
  mkdirSync(logs, { recursive: true })
  if (user !== undefined) chownSync(logs, user.uid, user.gid)
  const words = [
    ...['-n', '-f', path.join(own, 'hold.sql'), '-M', 'prepared', '-h', path.join(own, 'p-socket')],
    ...['-U', 'postgres', '-c', String(callers), '-j', String(Math.min(2, callers))],
    ...['-T', String(Math.max(1, Math.round(seconds))), '-l', '--log-prefix', path.join(logs, 'l')],
    ...(perSecond === undefined ? [] : ['-R', String(perSecond)]),
    'postgres',
  ]
  const cpu = process.resourceUsage()
  const text = await new Promise<string>((resolve, reject) => {
    const child = spawn(path.join(bin, 'pgbench'), words, { ...user, cwd: own })
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      out += String(chunk)
    })
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(out))))
  })
  const durations = new Durations()
  for (const name of readdirSync(logs)) {
    for (const line of readFileSync(path.join(logs, name), 'utf8').split('\n')) {
      // client, transaction, microseconds, …
      const micros = Number(line.split(' ')[2])
      if (micros > 0) durations.add(micros / 1000)
    }
    rmSync(path.join(logs, name))
  }
  const latenciesMs = durations.taken()
  // Connecting is not in it.
  const perSecondSeen = Number(/tps = ([\d.]+)/.exec(text)?.[1] ?? Number.NaN)
  return {
    operations: latenciesMs.length,
    failures: {},
    wallSeconds: latenciesMs.length / perSecondSeen,
    cpuSeconds: (process.resourceUsage().userCPUTime - cpu.userCPUTime) / 1e6,
    latenciesMs,
  }
}

/** Debian keeps the programs of each version in a folder of its own. */
function binaries(): string {
  const versions = '/usr/lib/postgresql'
  const newest = existsSync(versions)
    ? readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0]
    : undefined
  const bin = newest === undefined ? '' : path.join(versions, newest, 'bin')
  if (newest === undefined || !existsSync(path.join(bin, 'pgbench')))
    throw new Missing(`PostgreSQL is not here: ${install}`)
  if (!existsSync(`/usr/share/postgresql/${newest}/extension/btree_gist.control`))
    throw new Missing(`PostgreSQL's btree_gist is not here: ${install}`)
  return bin
}

/** PostgreSQL does not run as root: there it is `nobody`. */
function ownUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) =>
    Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (isSo()) return
    } catch (error) {
      if (attempt > 600) throw error
    }
    if (attempt > 600) throw new Error('PostgreSQL did not become ready in a minute')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGQUIT')
  })
}
