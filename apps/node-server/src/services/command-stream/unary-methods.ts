import type { DescMethodUnary, DescService, Message, MessageInitShape } from '@bufbuild/protobuf'
import type { ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect'

export interface UnaryMethod {
  readonly method: DescMethodUnary
  call(request: Message, context: HandlerContext): UnaryAnswer | Promise<UnaryAnswer>
}

type UnaryAnswer = MessageInitShape<DescMethodUnary['output']>

export interface ServiceRouter {
  service<Service extends DescService>(
    service: Service,
    implementation: Partial<ServiceImpl<Service>>,
  ): void
}

/** Hands services on to `router`, and remembers their unary methods by `package.Service/Method`. */
export function rememberMethods(router: ConnectRouter): {
  readonly router: ServiceRouter
  readonly methods: ReadonlyMap<string, UnaryMethod>
} {
  const methods = new Map<string, UnaryMethod>()
  return {
    methods,
    router: {
      service(service, implementation) {
        router.service(service, implementation)
        for (const [name, method] of Object.entries(service.method)) {
          const call = implementation[name as keyof typeof implementation] as
            | UnaryMethod['call']
            | undefined
          if (method.methodKind !== 'unary' || call === undefined) continue
          methods.set(`${service.typeName}/${method.name}`, {
            method: method as DescMethodUnary,
            call: (request, context) => call.call(implementation, request, context),
          })
        }
      },
    },
  }
}
