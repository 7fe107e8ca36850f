/** Counts what is under way in the ports, so that nothing is closed that is still being used. */
export class Operations {
  #count = 0
  #onIdle: (() => void) | undefined = undefined

  get count(): number {
    return this.#count
  }

  begin(): void {
    this.#count++
  }

  end(): void {
    this.#count--
    if (this.#count > 0) return
    const onIdle = this.#onIdle
    this.#onIdle = undefined
    onIdle?.()
  }

  /** At once if nothing is under way. */
  whenIdle(done: () => void): void {
    if (this.#count === 0) done()
    else this.#onIdle = done
  }
}
