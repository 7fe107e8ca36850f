import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { folderMail } from './folder-mail.ts'
import { MailDelayedError, MailRefusedError } from './mail-port.ts'
import { smtpMail } from './smtp-mail.ts'

const mail = { key: 'abc-n7', to: 'ann@example.org', subject: 'Grüße', text: 'Dear Ann,\n\n42 €\n' }
const from = 'Quorail <tickets@rail.example>'
const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

test('into a folder: one file each, and the same mail again is the same file', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'quorail-mail-'))
  open.push(() => rmSync(folder, { recursive: true }))
  const port = folderMail(path.join(folder, 'mail'), from)
  await port.send(mail)
  await port.send({ ...mail, text: 'again' })
  expect(readdirSync(path.join(folder, 'mail'))).toEqual(['abc-n7.eml'])
  const text = readFileSync(path.join(folder, 'mail', 'abc-n7.eml'), 'utf8')
  expect(text).toContain('To: ann@example.org')
  expect(text).toContain('Message-ID: <abc-n7@rail.example>')
  expect(text).toContain('again')
})

/** A mail server that knows as many words as it needs. */
async function mailServer(answerTo: (recipient: string) => string) {
  const taken: string[] = []
  const server: Server = createServer((socket) => {
    let data: string[] | undefined
    let rest = ''
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test')
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (data !== undefined) {
          if (line !== '.') data.push(line)
          else {
            taken.push(data.join('\n'))
            data = undefined
            say('250 taken as 1')
          }
        } else if (/^EHLO/i.test(line)) say('250 test')
        else if (/^RCPT TO:<(.*)>/i.test(line)) say(answerTo(/<(.*)>/.exec(line)?.[1] ?? ''))
        else if (/^DATA/i.test(line)) {
          data = []
          say('354 go on')
        } else say('250 ok')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => server.close())
  const port = smtpMail({ url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, from })
  open.push(() => port.close())
  return { port, taken }
}

test('by SMTP, with the server’s word', async () => {
  const { port, taken } = await mailServer(() => '250 ok')
  expect(await port.send(mail)).toBe('250 taken as 1')
  expect(taken[0]).toContain('Message-ID: <abc-n7@rail.example>')
  expect(taken[0]).toContain('Auto-Submitted: auto-generated')
})

test('a mailbox that is none is final, one that is full is not', async () => {
  const { port } = await mailServer((to) => (to.startsWith('ann') ? '550 no such box' : '452 full'))
  await expect(port.send(mail)).rejects.toBeInstanceOf(MailRefusedError)
  await expect(port.send({ ...mail, to: 'bob@example.org' })).rejects.toBeInstanceOf(
    MailDelayedError,
  )
})

test('a server that is not there says nothing about the mail', async () => {
  const port = smtpMail({ url: 'smtp://127.0.0.1:1', from, answerWithinMs: 1_000 })
  open.push(() => port.close())
  const error: unknown = await port.send(mail).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(MailRefusedError)
  expect(error).not.toBeInstanceOf(MailDelayedError)
})
