/**
 * Things by ids that are counted up from 1: pages instead of a hash table, so that it takes a word for
 * each and never stops to grow.
 */
const PAGE_BITS = 10
const PAGE = 1 << PAGE_BITS

export class IdTable<T> {
  readonly #pages: ((T | undefined)[] | undefined)[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Undefined as well for what is no id at all. */
  get(id: number): T | undefined {
    return this.#pages[Math.floor(id / PAGE)]?.[id % PAGE]
  }

  set(id: number, thing: T): void {
    const at = Math.floor(id / PAGE)
    while (this.#pages.length <= at) this.#pages.push(undefined)
    this.#pages[at] ??= new Array<T | undefined>(PAGE).fill(undefined)
    const page = this.#pages[at]
    if (page[id % PAGE] === undefined) this.#size++
    page[id % PAGE] = thing
  }

  /** By id. */
  *values(): Generator<T> {
    for (const page of this.#pages) {
      for (const thing of page ?? []) if (thing !== undefined) yield thing
    }
  }
}
