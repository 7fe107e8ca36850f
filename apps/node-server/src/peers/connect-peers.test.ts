/** A node speaks with one of an earlier version, which has Connect at both ends of the peers' streams. */
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { create } from '@bufbuild/protobuf'
import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import {
  DeliverRequestSchema,
  DeliverResponseSchema,
  PeerService,
} from '@quorail/proto/quorail/raft/v1/raft_pb'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import { openPeerPort, type PeerPort } from './peer-port.ts'
import { nodeHeader } from './peer-service.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

async function openNode(peerUrl: string): Promise<PeerPort & { readonly lost: string[] }> {
  const lost: string[] = []
  const opened = await openPeerPort({
    id: 'a',
    port: await freePort(),
    hosts: ['127.0.0.1'],
    peers: [{ id: 'b', url: peerUrl }],
    silentAfterMs: 60_000,
    onState: (_peer, reachable, detail) => lost.push(`${reachable}: ${detail}`),
  })
  onTestFinished(() => opened.close())
  return Object.assign(opened, { lost })
}

const clientOf = (port: number) =>
  createClient(
    PeerService,
    createConnectTransport({
      httpVersion: '2',
      baseUrl: `http://127.0.0.1:${port}`,
      acceptCompression: [],
      idleConnectionTimeoutMs: 100,
    }),
  )

async function* requests(texts: readonly string[]) {
  for (const one of texts)
    yield create(DeliverRequestSchema, { batch: Uint8Array.from(Buffer.from(one)) })
}

test('it takes what a client of Connect delivers, and answers it', async () => {
  const node = await openNode('http://127.0.0.1:9')
  const heard: string[] = []
  const lost: string[] = []
  node.transport.onReceive = (from, bytes) => heard.push(`${from}: ${text(bytes)}`)
  node.transport.onPeerLost = (peer) => lost.push(peer)
  const large = 'x'.repeat(200_000)
  await clientOf(node.port).deliver(requests(['one', '', large]), {
    headers: { [nodeHeader]: 'b' },
  })
  expect(heard).toEqual(['b: one', 'b: ', `b: ${large}`])
  await expect.poll(() => lost).toEqual(['b'])
})

test('it tells a client of Connect why it is refused', async () => {
  const node = await openNode('http://127.0.0.1:9')
  const error = await clientOf(node.port)
    .deliver(requests(['one']), { headers: { [nodeHeader]: 'x' } })
    .catch((reason: unknown) => ConnectError.from(reason))
  expect(error).toMatchObject({ code: Code.PermissionDenied, rawMessage: '"x" is no peer of a' })
})

test('it delivers to a server of Connect, and hears why that refuses it', async () => {
  const heard: string[] = []
  const server = http2.createServer(
    connectNodeAdapter({
      routes: ({ service }) => {
        service(PeerService, {
          async deliver(batches, { requestHeader }) {
            for await (const { batch } of batches) {
              heard.push(`${requestHeader.get(nodeHeader)}: ${text(batch)}`)
              if (text(batch) === 'go') throw new ConnectError('not you', Code.PermissionDenied)
            }
            return create(DeliverResponseSchema)
          },
        })
      },
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const node = await openNode(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const say = (what: string) => () => {
    node.transport.send('b', Buffer.from(what))
    return heard
  }
  await expect.poll(say('hello')).toContain('a: hello')
  await expect.poll(say('go')).toContain('a: go')
  await expect.poll(() => node.lost).toContain('false: [permission_denied] not you')
})
