/**
 * When the core hears that a write is durable. In etcd's asynchronous mode a node hears of it by
 * messages to itself, which a scenario delivers when it likes; a write that nobody answers to the node
 * is done as soon as it is on the disk. Always in the order of the writes.
 */
interface Append {
  /** The last of the core's writes that are part of it, if any. */
  readonly writeId: number | undefined
  isDone: boolean
}

export class Appends {
  readonly #complete: (writeId: number) => void
  /** Of those that are not done, the first has this number. */
  #first = 1
  #waiting: Append[] = []

  constructor(complete: (writeId: number) => void) {
    this.#complete = complete
  }

  /** Returns the number of a new one. */
  begin(writeId: number | undefined): number {
    this.#waiting.push({ writeId, isDone: false })
    return this.#first + this.#waiting.length - 1
  }

  /** It is on the disk. */
  written(number: number, isAnswered: boolean): void {
    if (!isAnswered) this.#mark(number, number)
  }

  /** The node has heard of it: then of all before it, too. */
  delivered(number: number): void {
    this.#mark(this.#first, number)
  }

  completeAll(): void {
    this.#mark(this.#first, this.#first + this.#waiting.length - 1)
  }

  #mark(from: number, to: number): void {
    for (let number = from; number <= to; number++) {
      const append = this.#waiting[number - this.#first]
      if (append !== undefined) append.isDone = true
    }
    let writeId: number | undefined
    while (this.#waiting[0]?.isDone === true) {
      writeId = this.#waiting[0].writeId ?? writeId
      this.#waiting.shift()
      this.#first++
    }
    if (writeId !== undefined) this.#complete(writeId)
  }
}
