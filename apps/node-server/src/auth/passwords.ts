import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { loginsBusy } from '../errors/door-errors.ts'

// OWASP's second choice for Argon2id: 19 MiB, two passes, one lane.
const memoryKiB = 19_456
const passes = 2
const tagBytes = 32

let running: Promise<unknown> = Promise.resolve()

/** So many wait, for two seconds or so; who comes then hears at once that it is too much. */
const waitingAtMost = 64
let waiting = 0

/** One at a time: hashing must never starve the log's sync of threads or the machine of memory. */
function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (waiting >= waitingAtMost) throw loginsBusy()
  waiting += 1
  const next = running.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        argon2(
          'argon2id',
          {
            message: Buffer.from(password.normalize('NFKC'), 'utf8'),
            nonce: salt,
            parallelism: 1,
            tagLength: tagBytes,
            memory: memoryKiB,
            passes,
          },
          (error, tag) => (error === null ? resolve(tag) : reject(error)),
        )
      }),
  )
  running = next
    .catch(() => undefined)
    .then(() => {
      waiting -= 1
    })
  return next
}

/** Argon2id in PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG` (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt)
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${text(salt)}$${text(tag)}`
}

const decoy = await hashPassword(randomBytes(16).toString('hex'))

/**
 * Whether the password belongs to the hash. Without a hash (no such account) it takes as long, so
 * that the time tells nobody which emails have accounts.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, scheme, version, parameters, salt, tag] = (hash ?? decoy).split('$')
  const known = scheme === 'argon2id' && version === 'v=19'
  const expectedParameters = `m=${memoryKiB},t=${passes},p=1`
  if (!known || parameters !== expectedParameters || salt === undefined || tag === undefined) {
    return false
  }
  const actual = await derive(password, Buffer.from(salt, 'base64'))
  return timingSafeEqual(actual, Buffer.from(tag, 'base64')) && hash !== undefined
}
