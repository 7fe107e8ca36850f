/** A binary min-heap whose items know their place, so that any of them can be taken out. */
export interface Heap<T extends Queued> {
  readonly items: T[]
  readonly compare: (a: T, b: T) => number
}
export interface Queued {
  /** Place in the heap's array; -1 when not in it. */
  queueAt: number
}

export function createHeap<T extends Queued>(compare: (a: T, b: T) => number): Heap<T> {
  return { items: [], compare }
}

export function heapTop<T extends Queued>(heap: Heap<T>): T | undefined {
  return heap.items[0]
}

export function heapPush<T extends Queued>(heap: Heap<T>, item: T): void {
  heap.items.push(item)
  rise(heap, item, heap.items.length - 1)
}

/** Takes the item out, if it is in. */
export function heapRemove<T extends Queued>(heap: Heap<T>, item: T): void {
  const at = item.queueAt
  if (at < 0) return
  item.queueAt = -1
  const last = heap.items.pop() as T
  if (last === item) return
  // The last one takes the free place and goes where it belongs from there.
  rise(heap, last, at)
  if (last.queueAt === at) sink(heap, last, at)
}

function rise<T extends Queued>(heap: Heap<T>, item: T, from: number): void {
  const { items, compare } = heap
  let at = from
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = items[parent] as T
    if (compare(above, item) <= 0) break
    place(items, above, at)
    at = parent
  }
  place(items, item, at)
}

function sink<T extends Queued>(heap: Heap<T>, item: T, from: number): void {
  const { items, compare } = heap
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= items.length) break
    if (child + 1 < items.length && compare(items[child + 1] as T, items[child] as T) < 0) child++
    const below = items[child] as T
    if (compare(item, below) <= 0) break
    place(items, below, at)
    at = child
  }
  place(items, item, at)
}

function place<T extends Queued>(items: T[], item: T, at: number): void {
  items[at] = item
  item.queueAt = at
}
