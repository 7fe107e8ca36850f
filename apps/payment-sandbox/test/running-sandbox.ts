import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export const secret = 'a secret of the tests'
export const origin = 'http://localhost:3000'

export interface RunningSandbox {
  readonly url: string
  readonly pid: number
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  disconnect(): void
}

export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'payment-sandbox-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The real process on a free port. */
export async function startSandbox(
  folder: string,
  flags: readonly string[] = [],
): Promise<RunningSandbox> {
  const secretFile = path.join(folder, 'secret')
  writeFileSync(secretFile, `${secret}\n`)
  const main = path.join(import.meta.dirname, '../src/main.ts')
  const data = path.join(folder, 'data')
  const child = spawn(
    process.execPath,
    [
      main,
      ...['--data', data, '--port', '0', '--secret-file', secretFile, '--origin', origin],
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  const { stdout } = child
  if (stdout === null) throw new Error('its output is a pipe')
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve)),
    exited.then((code) => {
      throw new Error(`the sandbox ended with ${code} before it was ready`)
    }),
  ])
  const { address, pid } = JSON.parse(line) as { address: string; pid: number }
  return {
    url: address,
    pid,
    exited,
    kill: (signal) => child.kill(signal),
    disconnect: () => child.disconnect(),
  }
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any
}

export async function call(
  url: string,
  method: string,
  address: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(url + address, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

export const card = (number: string) => ({ number, expiry: '12/39', cvc: '123', name: 'Ada L.' })

export interface Notice {
  readonly headers: IncomingHttpHeaders
  readonly raw: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any
}

/** A merchant's end of the webhooks; `status` is what it answers. */
export async function startReceiver(): Promise<{
  readonly url: string
  readonly notices: Notice[]
  status: number
  close(): Promise<void>
}> {
  const notices: Notice[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      notices.push({ headers: request.headers, raw, body: JSON.parse(raw) })
      response.writeHead(receiver.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    notices,
    status: 200,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
