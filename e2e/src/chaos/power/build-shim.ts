/** Compiles `shim.c` for this machine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { WorthlessRun } from '../worthless-run.ts'

const packages = ['gcc', 'libc6-dev']

/** Into this folder; gives the library. As root on Debian a compiler is installed when there is none. */
export function buildShim(folder: string): string {
  const library = path.join(folder, 'power-shim.so')
  const compiler = findCompiler() ?? installCompiler()
  const source = new URL('shim.c', import.meta.url).pathname
  const words = ['-O2', '-shared', '-fPIC', '-Wall', '-Werror', '-o', library, source]
  execFileSync(compiler, [...words, '-ldl', '-lpthread'], { stdio: 'inherit' })
  return library
}

function findCompiler(): string | undefined {
  const names = [process.env.CC, 'cc', 'gcc', 'clang'].filter((name) => name !== undefined)
  return names.find((name) => spawnSync(name, ['--version']).status === 0)
}

function installCompiler(): string {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`No C compiler here; installing one: ${command}`)
    spawnSync('sh', ['-c', command], { stdio: 'inherit' })
  }
  const found = findCompiler()
  if (found !== undefined) return found
  throw new WorthlessRun(`Power cuts need a C compiler, and there is none. Install it: ${command}`)
}
