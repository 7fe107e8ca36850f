import { Worker } from 'node:worker_threads'

/** A thread that answers each message with one, in order. */
export class ThreadCalls<Message, Answer extends { readonly error?: string | undefined }> {
  readonly #worker: Worker
  readonly #waiting: ((error: Error | undefined, answer: Answer | undefined) => void)[] = []
  #failure: Error | undefined

  constructor(script: URL, name: string, workerData: object) {
    this.#worker = new Worker(script, { workerData, name })
    this.#worker.on('message', (answer: Answer) => {
      const done = this.#waiting.shift()
      if (answer.error === undefined) done?.(undefined, answer)
      else done?.(new Error(answer.error), undefined)
    })
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error(`the thread ${name} has ended`)))
  }

  /** For an answer that comes without a message. */
  answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure)
      else
        this.#waiting.push((error, answer) => {
          if (answer === undefined) reject(error)
          else resolve(answer)
        })
    })
  }

  call(message: Message): Promise<Answer> {
    this.#worker.postMessage(message)
    return this.answer()
  }

  /** A message without an answer. */
  tell(message: Message): void {
    this.#worker.postMessage(message)
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const done of this.#waiting.splice(0)) done(this.#failure, undefined)
  }
}
