import path from 'node:path'
import type { ChildSpec } from './child.ts'
import type { NodePorts, PortPlan } from './ports.ts'

/** What the processes of one installation have in common. */
export interface Product {
  readonly ports: PortPlan
  readonly dataFolder: string
  /** Signs what the payment provider tells the nodes. */
  readonly paymentSecretFile: string
  /** Seals the secrets of second factors. */
  readonly sealKeyFile: string
  /** Logins and timetable for an empty cluster; without it the cluster starts empty. */
  readonly demoFile?: string
  /** What `quorail certs` made: TLS between the nodes and on their client ports. */
  readonly certificatesFolder?: string
}

// `localhost` throughout: cookies of one site, and a page on one of its ports may call the others.
export const localAddress = (port: number): string => `http://localhost:${port}`

const secureAddress = (port: number): string => `https://localhost:${port}`

/** Where a node is reached. */
export const nodeAddress = (product: Pick<Product, 'certificatesFolder'>, port: number): string =>
  product.certificatesFolder === undefined ? localAddress(port) : secureAddress(port)

/** The members as `--cluster` wants them: id=clientUrl,peerUrl;… */
export function clusterArgument(ports: PortPlan, addressOf = localAddress): string {
  return ports.nodes
    .map(({ id, client, peer }) => `${id}=${addressOf(client)},${addressOf(peer)}`)
    .join(';')
}

/** By the files that a node is given of the folder. */
function certificateArguments(folder: string | undefined, id: string): readonly string[] {
  if (folder === undefined) return []
  const file = (name: string): string => path.join(folder, id, name)
  return [
    ...['--peer-cert-file', file('peer.crt'), '--peer-key-file', file('peer.key')],
    ...['--peer-ca-file', file('ca.crt')],
    ...['--client-cert-file', file('client.crt'), '--client-key-file', file('client.key')],
  ]
}

export function nodeServer(product: Product, id: string): ChildSpec {
  const { ports } = product
  const node = ports.nodes.find((candidate) => candidate.id === id)
  if (node === undefined) throw new Error(`There is no node ${id}.`)
  return {
    name: id,
    script: 'apps/node-server/src/main.ts',
    arguments: [
      'serve',
      ...['--id', id],
      ...['--data', path.join(product.dataFolder, id)],
      ...['--client-port', String(node.client)],
      ...['--peer-port', String(node.peer)],
      ...['--cluster', clusterArgument(ports, (port) => nodeAddress(product, port))],
      ...certificateArguments(product.certificatesFolder, id),
      ...['--origin', localAddress(ports.web)],
      ...['--payment-url', localAddress(ports.paymentSandbox)],
      ...['--payment-secret-file', product.paymentSecretFile],
      ...['--seal-key-file', product.sealKeyFile],
      ...['--gateway-url', localAddress(ports.gateway)],
      ...(product.demoFile === undefined ? [] : ['--demo', product.demoFile]),
    ],
  }
}

/** A node that is no founder: it asks who leads, and waits to be added. */
export function joiningNode(product: Product, id: string, { client, peer }: NodePorts): ChildSpec {
  const spec = nodeServer(product, product.ports.nodes[0]?.id ?? '')
  const own: Record<string, string> = {
    '--id': id,
    '--data': path.join(product.dataFolder, id),
    '--client-port': String(client),
    '--peer-port': String(peer),
  }
  const { certificatesFolder } = product
  const files = certificateArguments(certificatesFolder, id)
  for (const [at, word] of files.entries()) if (at % 2 === 0) own[word] = files[at + 1] ?? ''
  const words = spec.arguments.map((word, at) => own[spec.arguments[at - 1] ?? ''] ?? word)
  const founders = words.indexOf('--cluster')
  const join = product.ports.nodes.flatMap((node) => ['--join', nodeAddress(product, node.client)])
  return { ...spec, name: id, arguments: words.toSpliced(founders, 2, ...join) }
}

export function paymentSandbox(product: Product): ChildSpec {
  const { ports } = product
  return {
    name: 'payment-sandbox',
    script: 'apps/payment-sandbox/src/main.ts',
    environment: believing(product),
    arguments: [
      ...['--data', path.join(product.dataFolder, 'payment-sandbox')],
      ...['--port', String(ports.paymentSandbox)],
      ...['--secret-file', product.paymentSecretFile],
      ...['--origin', localAddress(ports.web)],
      // A notice may reach any node; the provider tries the next one where the first is gone.
      ...ports.nodes.flatMap(({ client }) => [
        '--webhook-url',
        `${nodeAddress(product, client)}/webhooks/payments`,
      ]),
    ],
  }
}

export function llmGateway(product: Product, llamaUrl?: string): ChildSpec {
  return {
    name: 'llm-gateway',
    script: 'apps/llm-gateway/src/main.ts',
    arguments: [
      ...['--port', String(product.ports.gateway)],
      ...(llamaUrl === undefined ? [] : ['--llama-url', llamaUrl]),
    ],
  }
}

export function webApp(product: Product): ChildSpec {
  const { ports } = product
  return {
    name: 'web',
    script: 'apps/web/server.ts',
    arguments: [],
    environment: {
      NODE_ENV: 'production',
      PORT: String(ports.web),
      ...believing(product),
      QUORAIL_NODES: ports.nodes.map(({ client }) => nodeAddress(product, client)).join(','),
      QUORAIL_PAYMENT_URL: localAddress(ports.paymentSandbox),
    },
  }
}

/** For programs of Node that call the nodes. */
function believing({ certificatesFolder }: Product): Readonly<Record<string, string>> {
  if (certificatesFolder === undefined) return {}
  return { NODE_EXTRA_CA_CERTS: path.join(certificatesFolder, 'ca.crt') }
}
