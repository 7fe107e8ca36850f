/** Codes by time (RFC 6238 over RFC 4226): HMAC-SHA-1, 30 seconds, six digits, as every device knows them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const stepMs = 30_000
/** A device may be half a minute off, either way. */
const driftSteps = 1
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 160 bits, as RFC 4226 recommends. */
export const newSecret = (): Buffer => randomBytes(20)

/** What a device shows in a step. */
export function codeOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const at = mac.readUInt8(mac.length - 1) & 0xf
  const number = (mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000
  return String(number).padStart(6, '0')
}

/** The step that the code is of, the latest that fits; undefined: it is of none near now. */
export function stepOf(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const now = Math.floor(nowMs / stepMs)
  let found: number | undefined
  // All of them are compared, whatever fits: the time taken tells nothing.
  for (let step = Math.max(now - driftSteps, 1); step <= now + driftSteps; step++) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(code))) found = step
  }
  return found
}

export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += letters[(held >> bits) & 31]
    }
  }
  return bits > 0 ? text + letters[(held << (5 - bits)) & 31] : text
}

/** As authenticator apps read it from a QR code. */
export function keyUri(secret: Uint8Array, email: string): string {
  const query = new URLSearchParams({
    secret: base32(secret),
    issuer: 'Quorail',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  return `otpauth://totp/${encodeURIComponent(`Quorail:${email}`)}?${query.toString()}`
}
