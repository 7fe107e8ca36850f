import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { repositoryFolder } from '../product/repository.ts'
import { StartError } from './options.ts'

export interface Login {
  readonly email: string
  readonly password: string
}

/** Made at the first start; the first leader creates these accounts in the empty cluster. */
export interface DemoLogins {
  readonly staff: Login
  readonly passenger: Login
  /** Absent in folders of versions before there was one. */
  readonly operator?: Login
}

export interface DataFolder {
  readonly folder: string
  readonly demoFile: string
  readonly paymentSecretFile: string
  readonly sealKeyFile: string
  readonly logins: DemoLogins
  readonly firstStart: boolean
  /** Lets the next start use the folder. */
  release(): void
}

const demoName = 'demo.json'
const ownerName = 'launcher.pid'

/**
 * Opens the data folder for one launcher, and makes at the first start what has to be made once. The
 * passwords are random: a demo is a real cluster, and this folder is all that knows them.
 */
export function openDataFolder(folder: string): DataFolder {
  requireOurs(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  claim(folder)
  const demoFile = path.join(folder, demoName)
  const paymentSecretFile = path.join(folder, 'payment-secret')
  const sealKeyFile = path.join(folder, 'seal-key')
  const firstStart = !existsSync(demoFile)
  if (!existsSync(paymentSecretFile))
    writeSecret(paymentSecretFile, randomBytes(32).toString('hex'))
  if (!existsSync(sealKeyFile)) writeSecret(sealKeyFile, randomBytes(32).toString('hex'))
  if (firstStart) writeSecret(demoFile, `${JSON.stringify(newLogins(), null, 2)}\n`)
  return {
    folder,
    demoFile,
    paymentSecretFile,
    sealKeyFile,
    logins: readLogins(demoFile),
    firstStart,
    release: () => rmSync(path.join(folder, ownerName), { force: true }),
  }
}

/** Deletes the folder; without `yes` it says what would be lost, and how to say yes. */
export function resetDataFolder(folder: string, yes: boolean): void {
  if (!existsSync(folder)) return
  requireOurs(folder)
  if (!yes)
    throw new StartError(
      [
        `--reset deletes ${folder}: every account, booking, payment and log entry in it.`,
        'Nothing was deleted. If you mean it:',
        `  npm start -- --reset --yes${optionFor(folder)}`,
      ].join('\n'),
    )
  claim(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** A typing mistake after --data must neither fill nor delete somebody's home. */
function requireOurs(folder: string): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  if (names.length === 0 || names.includes(demoName)) return
  throw new StartError(
    [
      `${folder} is not a data folder of Quorail: it holds other files and no ${demoName}.`,
      'Nothing was touched. Name an empty or new folder: npm start -- --data DIR',
    ].join('\n'),
  )
}

/** Two launchers on one folder would be two clusters with the same names. */
function claim(folder: string): void {
  const file = path.join(folder, ownerName)
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  if (owner !== 0 && owner !== process.pid && isLauncher(owner))
    throw new StartError(
      [
        `${folder} is in use: another npm start (pid ${owner}) runs on it.`,
        'Stop that one, or name another folder and ports:',
        '  npm start -- --data OTHER --port-base 4000',
      ].join('\n'),
    )
  writeFileSync(file, String(process.pid), { mode: 0o600 })
}

/** A pid is used again by the system after a crash or a reboot: look whose it is, where one can. */
function isLauncher(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('node')
}

/** So that the command to copy is about the folder in question. */
const optionFor = (folder: string): string =>
  folder === path.join(repositoryFolder, '.quorail') ? '' : ` --data ${folder}`

function newLogins(): DemoLogins {
  // Without the letters and digits that people mistake for each other.
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  const password = () =>
    Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join('')
  return {
    staff: { email: 'staff@quorail.example', password: password() },
    passenger: { email: 'passenger@quorail.example', password: password() },
    operator: { email: 'operator@quorail.example', password: password() },
  }
}

function readLogins(file: string): DemoLogins {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as DemoLogins
    for (const login of [value.staff, value.passenger])
      if (typeof login.email !== 'string' || typeof login.password !== 'string') throw new Error()
    return value
  } catch {
    throw new StartError(
      `${file} can not be read as the demo's logins. Mend it, or start afresh: npm start -- --reset --yes${optionFor(path.dirname(file))}`,
    )
  }
}

const writeSecret = (file: string, content: string): void =>
  writeFileSync(file, content, { mode: 0o600, flag: 'wx' })
