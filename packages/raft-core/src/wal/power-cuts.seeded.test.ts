/** Random histories, disks that answer late, and cut after cut: what was acknowledged stays. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { walOn } from '../../test/logs.ts'
import { LogSession, logWrite, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { FILE_LOSSES } from '../testing/memory-file.ts'
import { NAME_LOSSES } from '../testing/memory-names.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import type { Entry, LogWrite } from '../types.ts'

const runs = process.env.CI === undefined ? 150 : 1500

/** Whatever Raft may write: terms grow, votes stay, truncation above the commit index only. */
function randomHistory(seed: number, length: number): LogWrite[] {
  const random = randomStream(seed, 'history')
  let term = 1
  let last = 0
  let commitIndex = 0
  let votedFor: string | undefined
  return Array.from({ length }, (_, id) => {
    const newTerm = random() < 0.2
    if (newTerm) {
      term += randomInteger(random, 1, 3)
      votedFor = random() < 0.5 ? 'n1' : undefined
    }
    const truncates = random() < 0.15 && last > commitIndex
    const truncateFrom = truncates ? randomInteger(random, commitIndex + 1, last) : undefined
    if (truncateFrom !== undefined) last = truncateFrom - 1
    const entries: Entry[] = []
    for (let left = randomInteger(random, 0, 4); left > 0; left--) {
      const bytes = random() < 0.2 ? randomInteger(random, 500, 3000) : randomInteger(random, 0, 60)
      const data = Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256))
      entries.push({ index: ++last, term, kind: bytes === 0 ? 'noop' : 'command', data })
    }
    commitIndex = randomInteger(random, commitIndex, last)
    const hardState = { term, votedFor, commitIndex }
    return logWrite({ id, truncateFrom, entries, hardState })
  })
}

/** Operations wait in a queue, so that a cut finds several unfinished; files stay in their order. */
function lazyDisk(): { disk: MemoryDisk; step: () => boolean } {
  const waiting: (() => void)[] = []
  const disk = new MemoryDisk((_operation, run) => waiting.push(run))
  return {
    disk,
    step: () => {
      const run = waiting.shift()
      run?.()
      return run !== undefined
    },
  }
}

async function survives(seed: number): Promise<void> {
  const random = randomStream(seed, 'cuts')
  const history = randomHistory(seed, randomInteger(random, 1, 25))
  const pictures = picturesOf(history, FOUNDING.genesis).map((picture) => JSON.stringify(picture))
  const segmentBytes = randomItem(random, [150, 600, 4000, 1 << 20])
  const { disk, step } = lazyDisk()
  let certain = 0
  for (let life = 0; life < 4; life++) {
    const opening = LogSession.open(walOn(disk.mount(), segmentBytes))
    opening.catch(() => {})
    // Cut while it is still opening, sometimes; what was certain before stays certain.
    if (random() < 0.3) for (let left = randomInteger(random, 0, 12); left > 0; left--) step()
    else {
      while (step());
      const session = await opening
      const reading = session.picture()
      for (let idle = 0; idle < 3; idle++) {
        await Promise.resolve()
        while (step()) await Promise.resolve()
      }
      const from = pictures.lastIndexOf(JSON.stringify(await reading))
      expect(from, `life ${life}`).toBeGreaterThanOrEqual(certain)
      certain = from
      let acknowledged = from
      const upTo = randomInteger(random, from, history.length)
      for (const write of history.slice(from, upTo)) {
        session.write(write).then(
          () => acknowledged++,
          () => {},
        )
        for (let left = randomInteger(random, 0, 4); left > 0; left--) step()
        await Promise.resolve()
      }
      for (let left = randomInteger(random, 0, 10); left > 0; left--) step()
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
      certain = acknowledged
    }
    if (random() < 0.3) disk.crashProcess()
    else {
      const files = () => randomItem(random, FILE_LOSSES)
      disk.losePower({ files, names: randomItem(random, NAME_LOSSES) }, random)
    }
  }
}

it('what was acknowledged is there after any sequence of crashes and power cuts', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(), survives), { numRuns: runs })
})
