#!/usr/bin/env node
// The way in from a fresh clone. It needs Node 20 and npm, nothing else, and is therefore plain
// JavaScript without a dependency: it installs, and hands over to the repository's own Node 24.
//
//   npm start | npm test | npm run screenshots        -> node tools/run.mjs <job> [arguments]
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const node = path.join(root, 'node_modules/.bin/node')
const stampFile = path.join(root, 'node_modules/.quorail-installed')
const pnpm = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).packageManager

/** build: turbo first. pnpm: turbo is started by the script itself and needs pnpm on its path. */
const jobs = {
  install: { script: null, build: false, pnpm: false },
  start: { script: 'tools/start/main.ts', build: true, pnpm: false },
  test: { script: 'tools/test-run/main.ts', build: false, pnpm: true },
  screenshots: { script: 'e2e/src/screenshots.ts', build: true, pnpm: false },
}

const [name = 'test', ...rest] = process.argv.slice(2)
const job = jobs[name]
if (job === undefined) {
  console.error(`There is no job "${name}". There are: ${Object.keys(jobs).join(', ')}.`)
  process.exit(2)
}

const env = { ...process.env }
env.TURBO_TELEMETRY_DISABLED ??= '1'
env.NEXT_TELEMETRY_DISABLED ??= '1'
// npm hands its own settings down as npm_config_*; they are not meant for the nested calls.
for (const key of Object.keys(env)) if (/^npm_(config|package)_/i.test(key)) delete env[key]

let child
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // The child decides how to end; this process ends with it. (A terminal's Ctrl-C reaches both.)
  process.on(signal, () => child?.kill(signal))
}
if (process.env.npm_lifecycle_event !== undefined) {
  // npm killed the hard way forwards no signal: without this the product would go on, ownerless.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child?.kill('SIGTERM'), 500).unref()
}

function run(command, args, { onOutput, ...options } = {}) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, { cwd: root, env, stdio: 'inherit', ...options })
    child.stdout?.on('data', onOutput)
    child.stderr?.on('data', onOutput)
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve(signal === null ? code : 128 + signalNumber(signal)),
    )
  })
}

const signalNumber = (signal) => ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 })[signal] ?? 1

/**
 * pnpm is brought by npm, in the pinned version. `--yes` because some machines say yes=false, and
 * `--prefer-offline` because without a network npm would otherwise try for a minute to look it up again.
 */
function withPnpm(line, options) {
  const settings = ['--yes', '--prefer-offline', '--loglevel=error', '--no-progress']
  return run('npm', ['exec', ...settings, `--package=${pnpm}`, '-c', line], options)
}

/** Nobody reads the output of a build that succeeds; of one that fails, all of it is shown. */
async function quietly(title, line) {
  const lines = []
  const started = Date.now()
  console.log(`${title} …`)
  const code = await withPnpm(line, {
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput: (chunk) => lines.push(chunk),
  })
  if (code !== 0) process.stdout.write(Buffer.concat(lines))
  else if (Date.now() - started > 3000) console.log(`${title}: ${seconds(started)}`)
  return code
}

const seconds = (started) => `${((Date.now() - started) / 1000).toFixed(0)} s`

/** What an installation depends on. Unchanged since the last one: nothing to do, also offline. */
function installationStamp() {
  const hash = createHash('sha256').update(process.platform).update(process.arch)
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  for (const folder of ['e2e', 'bench']) files.push(`${folder}/package.json`)
  for (const group of ['packages', 'apps'])
    for (const entry of readdirSync(path.join(root, group)))
      files.push(`${group}/${entry}/package.json`)
  for (const file of files.sort())
    if (existsSync(path.join(root, file)))
      hash.update(file).update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

async function install() {
  const stamp = installationStamp()
  const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (installed === stamp && existsSync(node)) return 0
  const line = 'pnpm install --frozen-lockfile --config.confirmModulesPurge=false'
  const code = await quietly('Installing', line)
  if (code === 0) writeFileSync(stampFile, stamp)
  return code
}

async function main() {
  let code = await install()
  if (code !== 0) {
    console.error('\nThe installation failed, see above. It needs the npm registry the first time.')
    return code
  }
  if (job.build) {
    code = await quietly(
      'Building',
      'turbo run build --output-logs=errors-only --log-order=grouped',
    )
    if (code !== 0) {
      console.error('\nThe build failed, see above.')
      return code
    }
  }
  if (job.script === null) return 0
  // The repository's Node where there is one for this platform, otherwise the one that runs this.
  const runtime = existsSync(node) ? node : process.execPath
  if (!job.pnpm) return run(runtime, [job.script, ...rest])
  const quoted = rest.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`).join(' ')
  return withPnpm(`'${runtime}' ${job.script} ${quoted}`)
}

process.exit(await main())
