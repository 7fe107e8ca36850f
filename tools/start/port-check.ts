import { type PortPlan, planPorts, takenPorts } from '../product/ports.ts'
import { StartError } from './options.ts'

/** Refuses to start half a product: every port must be free before the first process starts. */
export async function requireFreePorts(plan: PortPlan): Promise<void> {
  const taken = await takenPorts(plan)
  if (taken.length === 0) return
  const named = taken.map(({ name, port }) => `  port ${port} (${name})`).join('\n')
  throw new StartError(
    [
      `${taken.length === 1 ? 'A port is' : 'Ports are'} taken by another program on this machine:`,
      named,
      'Nothing was started. Is Quorail running already? If not, use another block of ports:',
      `  npm start -- --port-base ${await freeBase(plan.base)}`,
    ].join('\n'),
  )
}

async function freeBase(taken: number): Promise<number> {
  for (let base = taken + 1000; base <= 65_000; base += 1000)
    if ((await takenPorts(planPorts(base))).length === 0) return base
  return taken + 100
}
