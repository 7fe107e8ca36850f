import { expect, test } from 'vitest'
import { parseServeOptions } from './node-config.ts'

const base = ['--id', 'n1', '--data', 'd', '--client-port', '3001', '--peer-port', '3011']
const plain = 'n1=http://localhost:3001,http://localhost:3011'
const secure = 'n1=https://a.example:3001,https://a.example:3011'
const peer = ['--peer-cert-file', 'p.crt', '--peer-key-file', 'p.key', '--peer-ca-file', 'ca.crt']
const client = ['--client-cert-file', 'c.crt', '--client-key-file', 'c.key']

test.each([
  [['--cluster', plain, '--host', '0.0.0.0'], 'plain text goes nowhere else'],
  [
    ['--cluster', `${plain};n2=http://localhost:3002,http://b.example:3012`],
    'of n2, http://b.example:3012, is not on this machine',
  ],
  [
    ['--cluster', `${plain};n2=http://localhost:3002,http://10.0.0.2:3012`],
    'plain text goes nowhere else',
  ],
  [['--cluster', secure], 'wants TLS: give --peer-cert-file'],
  [['--cluster', plain, ...peer], 'begins with https, not http://localhost:3011'],
  [
    ['--cluster', secure, ...peer.slice(0, 4)],
    '--peer-cert-file is given, and --peer-ca-file is missing',
  ],
  [
    ['--cluster', secure, ...peer, ...client.slice(2)],
    '--client-key-file is given, and --client-cert-file is missing',
  ],
  [['--cluster', plain, ...client], 'begins with https, not http://localhost:3001'],
])('%j is refused', (words, problem) => {
  expect(() => parseServeOptions([...base, ...words])).toThrow(problem)
})

test('with certificates a node listens and is reached anywhere', () => {
  const words = [...base, '--cluster', secure, '--host', '0.0.0.0', ...peer, ...client]
  expect(parseServeOptions(words)).toMatchObject({
    hosts: ['0.0.0.0'],
    peerTls: { certificate: expect.stringMatching(/p\.crt$/) },
    clientTls: { key: expect.stringMatching(/c\.key$/) },
    clientAuthority: expect.stringMatching(/ca\.crt$/),
  })
})

test('a node that joins is reached by what it has', () => {
  const words = [...base, '--join', 'https://a.example:3001', ...peer]
  expect(parseServeOptions(words)).toMatchObject({
    own: { clientUrl: 'http://localhost:3001', peerUrl: 'https://localhost:3011' },
  })
})
