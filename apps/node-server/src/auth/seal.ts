/**
 * Secrets that must be read again, as they stand in the log: sealed with a key that is in no log, database or
 * backup. Every node of a cluster has the same key file.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export interface Seal {
  /** `about` is bound to it: what is sealed about one thing opens for no other. */
  seal(secret: Uint8Array, about: string): string
  /** Undefined: with none of these keys, or about something else. */
  open(sealed: string, about: string): Buffer | undefined
}

interface Key {
  readonly id: string
  readonly bytes: Buffer
}

/** A key a line, 64 hexadecimal digits: the first one seals, all open. So a new key is put before the old one. */
export function createSeal(text: string): Seal {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(keyOf)
  const [first] = keys
  if (first === undefined) throw new Error('there is no key in it')
  return {
    seal(secret, about) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.bytes, nonce)
      cipher.setAAD(Buffer.from(about))
      const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
      return `1.${first.id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
    },
    open(sealed, about) {
      const [version, id, nonce = '', rest = ''] = sealed.split('.')
      const key = keys.find((it) => it.id === id)
      if (version !== '1' || key === undefined) return undefined
      try {
        const bytes = Buffer.from(rest, 'base64url')
        const decipher = createDecipheriv(
          'aes-256-gcm',
          key.bytes,
          Buffer.from(nonce, 'base64url'),
          { authTagLength: 16 },
        )
        decipher.setAAD(Buffer.from(about))
        decipher.setAuthTag(bytes.subarray(-16))
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

/** Named by its digest, so that what is sealed says with which key. */
function keyOf(line: string): Key {
  if (!/^[0-9a-f]{64}$/.test(line))
    throw new Error('a key has 64 hexadecimal digits, in lower case')
  const bytes = Buffer.from(line, 'hex')
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }
}
