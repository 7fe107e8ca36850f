import { createServer, type Server } from 'node:net'

/** Where everything listens: one block of ports above a base, always at the same distances. */
export interface PortPlan {
  readonly base: number
  readonly web: number
  readonly gateway: number
  readonly paymentSandbox: number
  readonly nodes: readonly NodePorts[]
}

export interface NodePorts {
  readonly id: string
  readonly client: number
  readonly peer: number
}

export function planPorts(base: number, nodeCount = 3): PortPlan {
  const nodes: NodePorts[] = []
  for (let number = 1; number <= nodeCount; number += 1)
    nodes.push({ id: `n${number}`, client: base + number, peer: base + 10 + number })
  return { base, web: base, gateway: base + 20, paymentSandbox: base + 30, nodes }
}

/** Every port of the plan with the name a person knows it by. */
export function portsByName(plan: PortPlan): readonly { name: string; port: number }[] {
  return [
    { name: 'web app', port: plan.web },
    ...plan.nodes.map((node) => ({ name: `node ${node.id}`, port: node.client })),
    ...plan.nodes.map((node) => ({ name: `node ${node.id}, for its peers`, port: node.peer })),
    { name: 'assistant gateway', port: plan.gateway },
    { name: 'payment sandbox', port: plan.paymentSandbox },
  ]
}

/** The ports of the plan that something else is listening on. */
export async function takenPorts(
  plan: PortPlan,
): Promise<readonly { name: string; port: number }[]> {
  const taken: { name: string; port: number }[] = []
  for (const entry of portsByName(plan)) if (!(await isFree(entry.port))) taken.push(entry)
  return taken
}

/** `localhost` is two addresses, and either may be taken alone. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) {
    const server = await listen(port, host)
    if (server === 'taken') return false
    if (server !== 'no such address') await close(server)
  }
  return true
}

export function listen(port: number, host: string): Promise<Server | 'taken' | 'no such address'> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve('taken')
      // A machine without IPv6 has nothing at ::1 that could be taken.
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
        resolve('no such address')
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => resolve(server))
  })
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
