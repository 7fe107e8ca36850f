/** Ids by ids; 0 where there is none. */
export class Links {
  readonly #pages: (Page | undefined)[] = []

  get(id: number): number {
    return this.#pages[Math.floor(id / PAGE)]?.links[id % PAGE] ?? 0
  }

  set(id: number, to: number): void {
    const at = Math.floor(id / PAGE)
    const page = this.#pages[at]
    if (page === undefined && to === 0) return
    const { links } = page ?? this.#newPage(at)
    const before = links[id % PAGE] as number
    links[id % PAGE] = to
    if (before === 0 && to !== 0) this.#count(at, 1)
    if (before !== 0 && to === 0) this.#count(at, -1)
  }

  #newPage(at: number): Page {
    while (this.#pages.length <= at) this.#pages.push(undefined)
    const page = { links: new Uint32Array(PAGE), used: 0 }
    this.#pages[at] = page
    return page
  }

  /** A page on which nothing is left weighs nothing: ids only grow, and the old ones go. */
  #count(at: number, by: number): void {
    const page = this.#pages[at] as Page
    page.used += by
    if (page.used === 0) this.#pages[at] = undefined
  }

  /** The ids that have one, ascending. */
  *ids(): Generator<number> {
    for (const [at, page] of this.#pages.entries()) {
      if (page === undefined) continue
      for (let i = 0; i < PAGE; i++) if (page.links[i] !== 0) yield at * PAGE + i
    }
  }
}

interface Page {
  readonly links: Uint32Array
  used: number
}

const PAGE = 4_096
