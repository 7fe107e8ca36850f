import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHeap, heapPush, heapRemove, heapTop, type Queued } from './heap.ts'

interface Item extends Queued {
  readonly value: number
}

it('a heap always shows its least item, whatever was put in and taken out', () => {
  const steps = fc.array(fc.record({ value: fc.nat(20), remove: fc.boolean(), at: fc.nat() }))
  fc.assert(
    fc.property(steps, (all) => {
      const heap = createHeap<Item>((a, b) => a.value - b.value)
      const inside: Item[] = []
      for (const { value, remove, at } of all) {
        if (remove && inside.length > 0) {
          const [item] = inside.splice(at % inside.length, 1)
          heapRemove(heap, item as Item)
          heapRemove(heap, item as Item)
        } else {
          const item = { value, queueAt: -1 }
          inside.push(item)
          heapPush(heap, item)
        }
        const least = inside.length === 0 ? undefined : Math.min(...inside.map((it) => it.value))
        expect(heapTop(heap)?.value).toBe(least)
        for (const [i, it] of heap.items.entries()) expect(it.queueAt).toBe(i)
      }
    }),
  )
})
