import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { Cleanup } from '../harness/cleanup.ts'
import type { Booked, BookingOrder } from './booking-process.ts'

/** Clients in a process of their own that go on booking, whatever becomes of the cluster. */
export class Bookings {
  readonly #child: ChildProcess

  constructor(order: BookingOrder, cleanup: Cleanup) {
    const file = path.join(import.meta.dirname, 'booking-process.ts')
    this.#child = fork(file, {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    cleanup.add(() => {
      if (this.#child.connected) this.#child.disconnect()
    })
    this.#child.send(order)
  }

  /** What was booked since the last time. */
  take(): Promise<Booked> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('the process of clients has ended'))
      this.#child.once('exit', gone)
      this.#child.once('message', ({ booked }: { booked: Booked }) => {
        this.#child.off('exit', gone)
        resolve(booked)
      })
      this.#child.send('take')
    })
  }
}
