import { type Asked, type Draw, oneIn, staff } from '../draws.ts'
import type { World } from '../world.ts'

/** A few names and a few addresses, so that they meet. */
export function node(world: World, draw: Draw): Asked {
  const name = `n${draw() % 4}`
  const actor = oneIn(2, draw) ? 0 : staff(world, draw)
  if (oneIn(4, draw)) return { actor, command: { type: 'forgetNode', name } }
  const at = (path: number) => `http://node-${draw() % 5}:${path + (draw() % 2)}`
  return { actor, command: { type: 'registerNode', name, clientUrl: at(3000), peerUrl: at(3001) } }
}
