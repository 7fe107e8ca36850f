/** Messages under way. A scenario says which of them arrive, and when. */
import { isLocal, type MessageType, type WireMessage } from './wire.ts'

export class Network {
  #messages: WireMessage[] = []

  add(messages: readonly WireMessage[]): void {
    this.#messages.push(...messages)
  }

  hasFor(node: number): boolean {
    return this.#messages.some(({ to }) => to === node)
  }

  /** Takes out those to a node, of one type or of all. What is to be lost is no node's own. */
  take(node: number, type: MessageType | undefined, toLose: boolean): readonly WireMessage[] {
    const isTaken = (message: WireMessage) =>
      message.to === node &&
      !(toLose && isLocal(message)) &&
      (type === undefined || message.type === type)
    const taken = this.#messages.filter(isTaken)
    this.#messages = this.#messages.filter((message) => !isTaken(message))
    return taken
  }
}
