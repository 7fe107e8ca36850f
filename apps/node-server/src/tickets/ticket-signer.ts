import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What this node signs tickets with. The secret half stays in its folder. */
export interface TicketSigner {
  /** 16 hexadecimal digits: the beginning of the SHA-256 of the public key. */
  readonly keyId: string
  /** Ed25519, 64 hexadecimal digits. */
  readonly publicKey: string
  /** What the QR code says of this payload. */
  sign(payload: string): string
  /** From now on with a new key: this one was withdrawn. */
  rotate(): void
}

/** The key in the node's folder; made when there is none yet. */
export function openTicketSigner(folder: string): TicketSigner {
  const file = path.join(folder, 'ticket-key.pem')
  if (!existsSync(file)) writeKey(file)
  let key = readKey(file)
  return {
    get keyId() {
      return key.keyId
    },
    get publicKey() {
      return key.publicKey
    },
    sign(payload) {
      const parts = [Buffer.from(payload), sign(null, Buffer.from(payload), key.secret)]
      return ['QT1', key.keyId, ...parts.map((part) => part.toString('base64url'))].join('.')
    },
    rotate() {
      renameSync(file, `${file}.${key.keyId}.withdrawn`)
      writeKey(file)
      key = readKey(file)
    },
  }
}

/** A draft first: a key that is there is a whole one. */
function writeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
  writeFileSync(`${file}.draft`, pem, { mode: 0o600, flush: true })
  renameSync(`${file}.draft`, file)
}

function readKey(file: string): { secret: KeyObject; publicKey: string; keyId: string } {
  const secret = createPrivateKey(readFileSync(file))
  if (secret.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is no Ed25519 key`)
  // The last 32 bytes of the encoding are the key itself.
  const bytes = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32)
  const keyId = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { secret, publicKey: bytes.toString('hex'), keyId }
}
