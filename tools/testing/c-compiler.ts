/** For what is preloaded into a process under test: nothing else sees what its libraries do to files. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const packages = ['gcc', 'libc6-dev']
const installing = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`

/** Compiles a C file to a library for `LD_PRELOAD`; it may include what lies beside this file. As root on Debian a compiler is installed when there is none. */
export function compilePreload(source: string, library: string): void {
  const words = ['-O2', '-shared', '-fPIC', '-Wall', '-Werror', '-I', import.meta.dirname]
  const compiler = findCompiler() ?? installCompiler()
  execFileSync(compiler, [...words, '-o', library, source, '-ldl', '-lpthread'], {
    stdio: 'inherit',
  })
}

function findCompiler(): string | undefined {
  const names = [process.env.CC, 'cc', 'gcc', 'clang'].filter((name) => name !== undefined)
  return names.find((name) => spawnSync(name, ['--version']).status === 0)
}

function installCompiler(): string {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`No C compiler here; installing one: ${installing}`)
    spawnSync('sh', ['-c', installing], { stdio: 'inherit' })
  }
  const found = findCompiler()
  if (found !== undefined) return found
  throw new Error(`This needs a C compiler, and there is none. Install it: ${installing}`)
}
