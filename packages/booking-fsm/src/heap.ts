/** A binary min-heap. */
export interface Heap<T> {
  readonly items: T[]
  readonly compare: (a: T, b: T) => number
}

export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  return { items: [], compare }
}

export function heapTop<T>(heap: Heap<T>): T | undefined {
  return heap.items[0]
}

export function heapPush<T>(heap: Heap<T>, item: T): void {
  const { items, compare } = heap
  let at = items.length
  items.push(item)
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = items[parent] as T
    if (compare(above, item) <= 0) break
    items[at] = above
    at = parent
  }
  items[at] = item
}

export function heapPop<T>(heap: Heap<T>): T | undefined {
  const { items } = heap
  const top = items[0]
  const last = items.pop()
  if (items.length > 0) sink(heap, last as T)
  return top
}

/** Puts `item` in at the root and lets it sink to its place. */
function sink<T>(heap: Heap<T>, item: T): void {
  const { items, compare } = heap
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= items.length) break
    if (child + 1 < items.length && compare(items[child + 1] as T, items[child] as T) < 0) child++
    const below = items[child] as T
    if (compare(item, below) <= 0) break
    items[at] = below
    at = child
  }
  items[at] = item
}
