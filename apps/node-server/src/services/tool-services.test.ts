/** Asked as grpcurl asks: real gRPC over HTTP/2. */
import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf'
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '@quorail/proto/grpc/health/v1/health_pb'
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '@quorail/proto/grpc/reflection/v1/reflection_pb'
import { ServerReflection as ServerReflectionAlpha } from '@quorail/proto/grpc/reflection/v1alpha/reflection_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, onTestFinished, test } from 'vitest'
import { openClientPort } from '../http/client-port.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { createClusterService } from './cluster-service.ts'
import { createInterceptors, createRoutes } from './index.ts'
import { withToolServices } from './tool-services.ts'

async function start() {
  const host = createMemoryHost(1_000)
  foundMemoryHost(host)
  const shutdown = new AbortController()
  const booking = createRoutes({ host, secureCookies: false, gatewayUrl: undefined })
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: withToolServices(host, (router) => {
      booking(router)
      router.service(ClusterService, createClusterService(host))
    }),
    interceptors: createInterceptors(host),
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: shutdown.signal,
  })
  onTestFinished(() => port.close(0))
  const baseUrl = `http://127.0.0.1:${port.port}`
  return { host, shutdown, baseUrl, transport: createGrpcTransport({ baseUrl }) }
}

const n2 = { id: 'n2', clientUrl: 'http://localhost:2', term: 2 }
const booking = 'quorail.booking.v1.BookingService'

test('health by gRPC: the whole server and each service, as ready as the node is', async () => {
  const { host, transport } = await start()
  const health = createClient(Health, transport)
  for (const service of ['', booking, 'grpc.health.v1.Health'])
    expect((await health.check({ service })).status).toBe(Status.SERVING)
  host.follow(n2)
  expect((await health.check({})).status).toBe(Status.NOT_SERVING)
  const { statuses } = await health.list({})
  expect(statuses['']?.status).toBe(Status.NOT_SERVING)
  expect(Object.keys(statuses)).toContain(booking)
  const error = await health.check({ service: 'a.b.C' }).then(() => undefined, ConnectError.from)
  expect(error?.code).toBe(Code.NotFound)
  expect(error?.findDetails(ErrorDetailSchema)[0]?.code).toBe('SERVICE_NOT_FOUND')
})

test('health by gRPC-Web and a watch: each change once, and the end when the node stops', async () => {
  const { host, baseUrl, shutdown } = await start()
  const transport = createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })
  const health = createClient(Health, transport)
  const said: Status[] = []
  const watching = (async () => {
    for await (const { status } of health.watch({ service: booking })) {
      said.push(status)
      if (said.length === 1) host.follow(n2)
    }
  })()
  await expect.poll(() => said).toEqual([Status.SERVING, Status.NOT_SERVING])
  host.follow(undefined)
  shutdown.abort(new ConnectError('this node is stopping', Code.Unavailable))
  await expect(watching).rejects.toMatchObject({ code: Code.Unavailable })
  expect(said.length).toBe(2)
})

test('a watch of a service that is not there goes on saying so', async () => {
  const { transport } = await start()
  for await (const { status } of createClient(Health, transport).watch({ service: 'a.b.C' })) {
    expect(status).toBe(Status.SERVICE_UNKNOWN)
    break
  }
})

function importsFirst(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const found = new Set<FileDescriptorProto>()
  const visit = (name: string): void => {
    const file = files.find((one) => one.name === name)
    file?.dependency.forEach(visit)
    if (file !== undefined) found.add(file)
  }
  for (const { name } of files) visit(name)
  return [...found]
}

type Question = ServerReflectionRequest['messageRequest']

async function* asked(questions: readonly Question[]) {
  for (const messageRequest of questions) yield { host: 'h', messageRequest }
}

test.each([
  ['v1', ServerReflection],
  ['v1alpha', ServerReflectionAlpha],
] as const)(
  'reflection %s: a method can be called that one knows by its name only',
  async (_version, service) => {
    const { transport } = await start()
    const client = createClient(service, transport)
    const answers = []
    for await (const answer of client.serverReflectionInfo(
      asked([
        { case: 'listServices', value: '' },
        { case: 'fileContainingSymbol', value: `${booking}.HoldSeats` },
      ]),
    ))
      answers.push(answer.messageResponse)
    const [list, found] = answers
    const names = list?.case === 'listServicesResponse' ? list.value.service : []
    expect(names.map(({ name }) => name)).toContain(booking)
    expect(names.map(({ name }) => name)).toContain(service.typeName)
    const file =
      found?.case === 'fileDescriptorResponse'
        ? found.value.fileDescriptorProto.map((bytes) =>
            fromBinary(FileDescriptorProtoSchema, bytes),
          )
        : []
    // The registry throws when anything that is imported is missing.
    const registry = createFileRegistry(
      create(FileDescriptorSetSchema, { file: importsFirst(file) }),
    )
    const { methods } = registry.getService(booking) ?? {}
    expect(methods?.find(({ name }) => name === 'HoldSeats')?.input.typeName).toBe(
      'quorail.booking.v1.HoldSeatsRequest',
    )
  },
)

test('reflection answers every kind of question, also those without an answer', async () => {
  const { transport } = await start()
  const answers: (string | number)[] = []
  const options = 'google.protobuf.FieldOptions'
  for await (const { messageResponse: answer, validHost } of createClient(
    ServerReflection,
    transport,
  ).serverReflectionInfo(
    asked([
      { case: 'fileByFilename', value: 'quorail/cluster/v1/cluster.proto' },
      { case: 'fileContainingSymbol', value: 'quorail.cluster.v1.Role' },
      { case: 'fileContainingSymbol', value: 'quorail.cluster.v1.ROLE_LEADER' },
      { case: 'fileContainingSymbol', value: 'quorail.cluster.v1.NodeStatus.term' },
      { case: 'allExtensionNumbersOfType', value: options },
      {
        case: 'fileContainingExtension',
        value: {
          $typeName: 'grpc.reflection.v1.ExtensionRequest',
          containingType: options,
          extensionNumber: 1159,
        },
      },
      { case: 'fileByFilename', value: '../../etc/passwd' },
      { case: 'fileContainingSymbol', value: 'constructor' },
      { case: 'allExtensionNumbersOfType', value: '' },
      { case: undefined },
    ]),
  )) {
    expect(validHost).toBe('h')
    if (answer.case === 'allExtensionNumbersResponse') answers.push(...answer.value.extensionNumber)
    else if (answer.case === 'errorResponse') answers.push(Code[answer.value.errorCode] ?? '')
    else answers.push(answer.case ?? '')
  }
  const file = 'fileDescriptorResponse'
  const none = 'NotFound'
  expect(answers).toEqual([
    file,
    file,
    file,
    file,
    1159,
    1160,
    file,
    none,
    none,
    none,
    'InvalidArgument',
  ])
})
