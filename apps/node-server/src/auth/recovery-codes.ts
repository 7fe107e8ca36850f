/** Codes for when a device is lost: 80 random bits each, so that a plain hash of them is enough. */
import { createHash, randomBytes } from 'node:crypto'
import { base32 } from './totp.ts'

const codes = 10

/** Four groups of four letters and digits. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: codes }, () => base32(randomBytes(10)).replaceAll(/(.{4})(?=.)/g, '$1-'))

/** The same however somebody writes the groups. */
export const recoveryHash = (code: string): string =>
  createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^A-Z2-7]/g, ''))
    .digest('hex')
