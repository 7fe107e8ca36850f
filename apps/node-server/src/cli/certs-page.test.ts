/** The commands and files of docs/operating/certificates.md are those that there are. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { certificateErrorCodes } from '../certificates/certificate-error.ts'
import { authorityFiles, nodeFiles } from '../certificates/cluster-folder.ts'
import { serveHelp } from '../config/node-config.ts'
import { peerRefusalCodes } from '../peers/peer-refusals.ts'
import { certsHelp } from './certs.ts'

const page = readFileSync(
  new URL('../../../../docs/operating/certificates.md', import.meta.url),
  'utf8',
)
const helps: Readonly<Record<string, string>> = { certs: certsHelp, serve: serveHelp }
const commands = [...page.matchAll(/^ {4}quorail (.+)$/gm)].map(([, words = '']) => words)

test.each(commands)('quorail %s', (words) => {
  const [name = '', what = '', ...rest] = words.split(' ')
  const help = helps[name] ?? ''
  expect(help).toContain(`quorail ${name}`)
  for (const option of rest.filter((word) => word.startsWith('--')))
    expect(help).toContain(` ${option} `)
  if (name === 'certs' && !what.startsWith('--'))
    expect(help).toMatch(new RegExp(`^  ${what} `, 'm'))
})

test('every file that is made is on the page', () => {
  const { peer, client, authority } = nodeFiles
  const names = [authorityFiles.certificate, authorityFiles.key, authority]
  for (const name of [...names, peer.certificate, peer.key, client.certificate, client.key])
    expect(page).toContain(`${name}\``)
})

test('every code of the log is on the page, and no other', () => {
  const codes = [...page.matchAll(/^\| `((?:PEER|CERTIFICATE)_[A-Z_]+)` \|/gm)].map(
    ([, code]) => code,
  )
  expect(codes).toEqual([...peerRefusalCodes, ...certificateErrorCodes])
})
