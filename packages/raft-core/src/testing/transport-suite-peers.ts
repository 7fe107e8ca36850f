/** The cases for a transport whose peers come and go with the membership. */
import { check } from './log-history.ts'
import { type AddCase, inOrder, keptLittle, sendToNobody } from './transport-suite-batches.ts'

export function addPeerCases(add: AddCase): void {
  add('peers that stay do not notice that another goes and comes', async (party) => {
    await party.meet('a', 'b', 'c')
    for (let round = 0; round < 2; round++) {
      party.setPeers('a', 'b')
      await inOrder(party, 100, 40)
      party.setPeers('a', 'b', 'c')
      await inOrder(party, 100, 40)
      party.setPeers('a', 'c', 'b')
      await inOrder(party, 100, 40)
      check(party.lost('a').length === 0, `a lost ${party.lost('a')}, which stayed`)
      check(party.lost('b').length === 0, `b lost ${party.lost('b')}, which stayed`)
      await party.meet('a', 'b', 'c')
    }
  })
  add('sending to a peer that was removed throws nothing and keeps little', async (party) => {
    await party.meet('a', 'b', 'c')
    party.setPeers('a', 'b')
    await party.wait(50)
    const before = party.bytesOf('c')
    sendToNobody(party, 'normal')
    await inOrder(party, 100, 40)
    party.setPeers('a', 'b', 'c')
    await party.meet('a', 'b', 'c')
    check(before === 0, `${before} bytes came from nowhere`)
    await keptLittle(party)
  })
  add('who knows no peers yet hears one that knows it, and can answer', async (party) => {
    await party.open('b')
    party.setPeers('b')
    await party.open('a')
    party.setPeers('a', 'b')
    party.onReceive('b', (batch) => party.send('b', 'a', batch.bytes))
    for (let waited = 0; party.got('a').length === 0; waited += 20) {
      const whom = party.got('b').length === 0 ? 'was not heard' : 'was not answered'
      check(waited < 10_000, `a node that knows one that has yet to learn of it ${whom}`)
      party.send('a', 'b', Uint8Array.of(1, 2, 3))
      await party.wait(20)
    }
    party.setPeers('b', 'a')
    await inOrder(party, 100, 40)
    check(party.lost('a').length === 0, `a lost ${party.lost('a')}, which was added`)
  })
}
