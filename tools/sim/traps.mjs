/**
 * In a simulation nothing may look at the machine it runs on: clocks, timers and chance of the host
 * throw while `run` runs. A run that used them could not be replayed.
 */
const TRAPPED = [
  [globalThis, 'Date'],
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
  [globalThis, 'setImmediate'],
  [globalThis, 'queueMicrotask'],
  [globalThis, 'fetch'],
  [globalThis.Math, 'random'],
  [globalThis.performance, 'now'],
  [globalThis.crypto, 'getRandomValues'],
  [globalThis.crypto, 'randomUUID'],
  [globalThis.process, 'hrtime'],
]

export function withTraps(run) {
  const before = TRAPPED.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name))
  for (const [owner, name] of TRAPPED) {
    const value = function trap() {
      throw new Error(`${name}: not in a simulation`)
    }
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  }
  try {
    return run()
  } finally {
    TRAPPED.forEach(([owner, name], i) => {
      // What was inherited is inherited again.
      if (before[i] === undefined) delete owner[name]
      else Object.defineProperty(owner, name, before[i])
    })
  }
}
