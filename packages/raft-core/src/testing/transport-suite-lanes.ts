/** The cases for a transport that keeps pieces of snapshots out of the way of everything else. */
import { check } from './log-history.ts'
import type { Party } from './transport-party.ts'
import {
  type AddCase,
  inOrder,
  keptLittle,
  MIB,
  pattern,
  same,
  sendToNobody,
  settled,
} from './transport-suite-batches.ts'

export function addLaneCases(add: AddCase): void {
  add('pieces of snapshots arrive whole and in their order', async (party) => {
    await party.meet('a', 'b')
    const sizes = [MIB, 10, 300_000, 0, 2 * MIB, 1]
    for (const [i, size] of sizes.entries()) party.send('a', 'b', pattern(i, size), 'bulk')
    await party.until(() => party.got('b').length >= sizes.length, 'not all pieces arrived')
    for (const [i, { bytes, from }] of party.got('b').entries()) {
      check(from === 'a', `piece ${i} came from ${from} instead of a`)
      same(bytes, pattern(i, sizes[i] as number), `piece ${i}`)
    }
  })
  add('many large pieces hold up no small batch', async (party) => {
    await party.meet('a', 'b')
    party.send('a', 'b', pattern(0, 10), 'bulk')
    await party.until(() => party.got('b').length === 1, 'not all pieces arrived')
    for (let round = 0; round < 3; round++) await smallBehindLarge(party)
  })
  add('small batches stay in order between pieces', async (party) => {
    await party.meet('a', 'b')
    const small = Array.from({ length: 50 }, (_, i) => i)
    for (const i of small) {
      party.send('a', 'b', Uint8Array.of(i))
      if (i % 10 === 0) party.send('a', 'b', pattern(i, 100_000), 'bulk')
    }
    const arrived = () => party.got('b').filter(({ bytes }) => bytes.length === 1)
    await party.until(
      () => arrived().length === small.length,
      'batches were lost between two nodes',
    )
    const numbers = arrived().map(({ bytes }) => bytes[0])
    check(numbers.join() === small.join(), `they arrived as ${numbers.join()}`)
  })
  add('pieces for who is away throw nothing and are not kept', async (party) => {
    await party.meet('a', 'b')
    sendToNobody(party, 'bulk')
    party.send('a', 'nobody', pattern(1, MIB), 'bulk')
    await inOrder(party, 100, 40)
    await party.open('c')
    await party.meet('a', 'c', 'b')
    await keptLittle(party)
  })
  add('who closes is lost once, also where pieces were under way', async (party) => {
    await party.meet('a', 'b')
    for (const [from, to] of [['a', 'b'] as const, ['b', 'a'] as const]) {
      for (let i = 0; i < 4; i++) party.send(from, to, pattern(i, MIB), 'bulk')
      await party.until(() => party.got(to).length > 0, 'not all pieces arrived')
    }
    await party.close('b')
    await party.until(() => party.lost('a').length >= 1, 'the others were not told of a loss')
    await party.wait(100)
    check(party.lost('a').join() === 'b', `a lost ${party.lost('a')}, not b`)
  })
}

/** Of what arrives, a small batch that was sent last must not come last: there is too much before it. */
async function smallBehindLarge(party: Party): Promise<void> {
  party.forget()
  const large = pattern(1, MIB)
  for (let i = 0; i < 32; i++) party.send('a', 'b', large, 'bulk')
  party.send('a', 'b', Uint8Array.of(1))
  const smallAt = () => party.got('b').findIndex(({ bytes }) => bytes.length === 1)
  await party.until(() => smallAt() >= 0, 'a batch did not arrive')
  await party.until(
    () => smallAt() < party.got('b').length - 1,
    `a small batch waited behind ${smallAt()} large pieces`,
  )
  // What is left must not be taken for the next round's.
  await settled(party, 'b')
}
