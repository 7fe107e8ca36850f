import { createHmac } from 'node:crypto'

/** `t=…,v1=…`: the time is signed too, so that an old notice can not be sent again. */
export function sign(secret: string, timestampSeconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`).digest('hex')
  return `t=${timestampSeconds},v1=${digest}`
}
