import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

export type BrowserSearch =
  | { readonly path: string }
  | { readonly missing: string; readonly whatToDo: string }

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
]

const install = 'apt-get update && apt-get install -y --no-install-recommends chromium'

/** What is asked of the machine; a test answers in its place. */
export interface Machine {
  readonly chromiumPath: string | undefined
  exists(file: string): boolean
  isRootOnDebian(): boolean
  /** Runs the command; what it prints goes to this process's output. */
  run(command: string): boolean
}

const thisMachine: Machine = {
  chromiumPath: process.env.CHROMIUM_PATH,
  exists: existsSync,
  isRootOnDebian: () =>
    process.getuid?.() === 0 &&
    existsSync('/usr/bin/apt-get') &&
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8')),
  run: (command) => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return spawnSync('sh', ['-c', command], { stdio: 'inherit', env: environment }).status === 0
  },
}

/** CHROMIUM_PATH, else an installed Chromium or Chrome, else (as root on Debian) a newly installed one. */
export function findBrowser(machine: Machine = thisMachine): BrowserSearch {
  const { chromiumPath } = machine
  if (chromiumPath !== undefined && chromiumPath !== '') {
    if (machine.exists(chromiumPath)) return { path: chromiumPath }
    return {
      missing: `CHROMIUM_PATH names ${chromiumPath}, and there is no such file.`,
      whatToDo: 'Set CHROMIUM_PATH to a Chromium or Chrome executable, or unset it.',
    }
  }
  const installed = known.find((file) => machine.exists(file))
  if (installed !== undefined) return { path: installed }
  if (machine.isRootOnDebian()) {
    console.log(`No Chromium here; installing it: ${install}`)
    if (machine.run(install)) {
      const fresh = known.find((file) => machine.exists(file))
      if (fresh !== undefined) return { path: fresh }
    }
  }
  return {
    missing: 'No Chromium or Chrome was found on this machine.',
    whatToDo: `Install one (Debian, Ubuntu: sudo sh -c '${install}') or set CHROMIUM_PATH.`,
  }
}
