import { createHmac, timingSafeEqual } from 'node:crypto'

const toleranceSeconds = 300

/** True when the provider signed exactly this body, within five minutes of `nowMs`. */
export function isSignedBy(
  secret: string,
  header: string | undefined,
  body: Uint8Array,
  nowMs: number,
): boolean {
  const match = /^t=([0-9]{1,15}),v1=([0-9a-f]{64})$/.exec(header ?? '')
  const [, seconds, given] = match ?? []
  if (seconds === undefined || given === undefined) return false
  if (Math.abs(nowMs / 1000 - Number(seconds)) > toleranceSeconds) return false
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()
  return timingSafeEqual(Buffer.from(given, 'hex'), expected)
}
