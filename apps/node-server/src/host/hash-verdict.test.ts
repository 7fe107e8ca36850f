import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HashCheckpoint, judgeHashes, type PeerHashes } from './hash-verdict.ts'

/** `5a 6b`: hash a at index 5, hash b at index 6. */
const hashes = (text: string): HashCheckpoint[] =>
  text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => ({ index: Number.parseInt(one, 10), stateHash: one.replace(/\d+/, '') }))
const peersOf = (texts: readonly string[]): PeerHashes[] =>
  texts.map((text, at) => ({ id: `p${at + 1}`, checkpoints: hashes(text) }))

test.each([
  [1, '5a', [], 'agrees', 5],
  [3, '5a', [], undefined, undefined],
  [3, '5a', ['6a', '7a'], undefined, undefined],
  [3, '5a', ['5a'], 'agrees', 5],
  [3, '5a', ['5b'], 'split', 5],
  [3, '5a', ['5b', '5c'], 'split', 5],
  [3, '5a', ['5b', '5b'], 'minority', 5],
  [3, '5a', ['5b', '5a'], 'agrees', 5],
  [3, '5a 6a', ['5a 6b', '5a'], 'split', 6],
  [3, '5a 6a', ['5b 6b', '5b'], 'minority', 5],
  [3, '5a 6a', ['5b 6a', '5b'], 'agrees', 6],
  [5, '5a', ['5a'], undefined, undefined],
  [5, '5a', ['5a', '5b', '5b'], 'split', 5],
  [5, '5a', ['5b', '5b', '5b'], 'minority', 5],
  [5, '5a 6a', ['5b 6a'], undefined, undefined],
] as const)('of %i members, %s and its peers %j: %s', (members, own, peers, state, index) => {
  const verdict = judgeHashes(members, hashes(own), peersOf(peers))
  expect([verdict?.state, verdict?.index]).toEqual([state, index])
})

test('says who belongs to the majority, and who does not', () => {
  expect(judgeHashes(3, hashes('5a'), peersOf(['5b', '5b']))).toEqual({
    state: 'minority',
    index: 5,
    ownHash: 'a',
    agreeing: ['p1', 'p2'],
    differing: [],
  })
  expect(judgeHashes(3, hashes('5a'), peersOf(['5b', '5a']))).toMatchObject({
    agreeing: ['p2'],
    differing: ['p1'],
  })
})

interface Node {
  readonly id: string
  /** From this index on its state is wrong, in a way of its own or in one that it shares. */
  readonly wrongFrom: number
  readonly wrongAs: string
  readonly checkpoints: readonly HashCheckpoint[]
}

/** Nodes that show their hashes at some indexes each, of which all have the last one if `atRest`. */
const cluster = (atRest: boolean) =>
  fc
    .integer({ min: 0, max: 3 })
    .chain((half) => {
      const node = fc.record({
        wrongFrom: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(30)),
        wrongAs: fc.constantFrom('x', 'y', 'own'),
        indexes: fc.uniqueArray(fc.nat(30), { maxLength: 12 }),
      })
      return fc.array(node, { minLength: 2 * half + 1, maxLength: 2 * half + 1 })
    })
    .map((nodes) =>
      nodes.map(({ wrongFrom, wrongAs, indexes }, at): Node => {
        const wrong = wrongAs === 'own' ? `n${at}` : wrongAs
        return {
          id: `n${at}`,
          wrongFrom,
          wrongAs: wrong,
          checkpoints: [...new Set(atRest ? [...indexes, 31] : indexes)].map((index) => ({
            index,
            stateHash: index < wrongFrom ? `right ${index}` : `${wrong} ${index}`,
          })),
        }
      }),
    )
const isRight = ({ wrongFrom }: Node) => wrongFrom === Number.POSITIVE_INFINITY
const judge = (nodes: readonly Node[], self: Node, answering = nodes) =>
  judgeHashes(
    nodes.length,
    self.checkpoints,
    answering.filter((it) => it !== self),
  )
const majorityIsRight = (nodes: readonly Node[]) => 2 * nodes.filter(isRight).length > nodes.length

test('a right node is never the minority while a majority is right, whoever answers', () => {
  const seen = cluster(false)
    .filter(majorityIsRight)
    .chain((nodes) => fc.tuple(fc.constant(nodes), fc.subarray(nodes)))
  fc.assert(
    fc.property(seen, ([nodes, answering]) => {
      for (const self of nodes.filter(isRight))
        expect(judge(nodes, self, answering)?.state).not.toBe('minority')
    }),
  )
})

test('at rest, with a majority right, exactly the wrong ones are the minority', () => {
  fc.assert(
    fc.property(cluster(true).filter(majorityIsRight), (nodes) => {
      for (const self of nodes)
        expect(judge(nodes, self)?.state).toBe(isRight(self) ? 'agrees' : 'minority')
    }),
  )
})

test('at rest, without a majority for any hash, every node says so', () => {
  const torn = cluster(true).filter((nodes) => {
    const counts = new Map<string, number>()
    for (const node of nodes) {
      const as = isRight(node) ? 'right' : node.wrongAs
      counts.set(as, (counts.get(as) ?? 0) + 1)
    }
    return Math.max(...counts.values()) * 2 <= nodes.length
  })
  fc.assert(
    fc.property(torn, (nodes) => {
      // Only where nothing older was still a majority's: then the newest difference decides alone.
      const last = nodes.map((it) => ({
        ...it,
        checkpoints: it.checkpoints.filter(({ index }) => index === 31),
      }))
      for (const self of last) expect(judge(last, self)?.state).toBe('split')
      // An older majority never says that all is well.
      for (const self of nodes) expect(judge(nodes, self)?.state).not.toBe('agrees')
    }),
  )
})

test('where nothing differs nobody is refused, whatever indexes are known', () => {
  const equal = cluster(false).map((nodes) =>
    nodes.map((it) => ({
      ...it,
      checkpoints: it.checkpoints.map(({ index }) => ({ index, stateHash: `${index}` })),
    })),
  )
  fc.assert(
    fc.property(equal, (nodes) => {
      for (const self of nodes) expect(['agrees', undefined]).toContain(judge(nodes, self)?.state)
    }),
  )
})

test('the order of answers and of hashes does not count', () => {
  const shuffle = <T>(list: readonly T[]) =>
    fc.shuffledSubarray([...list], { minLength: list.length })
  const shuffled = cluster(false).chain((nodes) =>
    fc.tuple(
      fc.constant(nodes),
      fc
        .tuple(...nodes.map((it) => shuffle(it.checkpoints)))
        .map((lists) => nodes.map((it, at) => ({ ...it, checkpoints: lists[at] ?? [] }))),
      shuffle(nodes.map((_, at) => at)),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([nodes, others, order]) => {
      const again = order.map((at) => others[at] as Node)
      const one = judge(nodes, nodes[0] as Node)
      const two = judge(again, again[order.indexOf(0)] as Node)
      expect([two?.state, two?.index]).toEqual([one?.state, one?.index])
      expect(two?.agreeing.toSorted()).toEqual(one?.agreeing.toSorted())
    }),
  )
})
