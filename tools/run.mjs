#!/usr/bin/env node
// Fresh clone bootstrap: needs only Node >= 20 and npm (no pnpm, no corepack, no Node 24).
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pkg = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const pnpm = pkg.packageManager.split('+')[0]
const jobs = { test: 'pnpm exec turbo run build lint typecheck test' }
const [name = 'test', ...rest] = process.argv.slice(2)
const env = { ...process.env }
env.TURBO_TELEMETRY_DISABLED ??= '1'
env.NEXT_TELEMETRY_DISABLED ??= '1'
for (const k of Object.keys(env)) if (/^npm_(config|package|lifecycle)_/i.test(k)) delete env[k]
const line =
  name === 'install'
    ? `pnpm install ${rest.join(' ')}`
    : `pnpm install --frozen-lockfile && ${jobs[name]}`
const r = spawnSync('npm', ['exec', '--yes', `--package=${pnpm}`, '-c', line], {
  cwd: root,
  env,
  stdio: 'inherit',
})
process.exit(r.status ?? 1)
