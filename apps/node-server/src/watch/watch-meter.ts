import { WatchEventKind } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { Counter, Gauge, type Registry } from 'prom-client'

/** What is counted of watching. */
export interface WatchMeter {
  event(kind: WatchEventKind): void
  /** A stream that this node ended, or did not open, by the error's code. */
  refused(code: string): void
  /** Asked when somebody wants the figures. */
  watch(figures: () => WatchFigures): void
}

export interface WatchFigures {
  readonly streams: number
  readonly subscriptions: number
  readonly subjects: number
}

export const uncounted: WatchMeter = {
  event: () => undefined,
  refused: () => undefined,
  watch: () => undefined,
}

export function createWatchMeter(registry: Registry): WatchMeter {
  let figures = (): WatchFigures => ({ streams: 0, subscriptions: 0, subjects: 0 })
  const events = new Counter({
    name: 'quorail_watch_events_total',
    help: 'What watchers were told, by kind; resets are those who were too slow or came from elsewhere',
    labelNames: ['kind'],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'quorail_watch_streams_refused_total',
    help: 'Streams that this node did not open or ended, by the code of the error',
    labelNames: ['code'],
    registers: [registry],
  })
  for (const [name, help] of gauges) {
    new Gauge({
      name: `quorail_watch_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(figures()[name])
      },
    })
  }
  return {
    event: (kind) => events.inc({ kind: WatchEventKind[kind].toLowerCase() }),
    refused: (code) => refused.inc({ code }),
    watch(ask) {
      figures = ask
    },
  }
}

const gauges = [
  ['streams', 'Open streams of watchers'],
  ['subscriptions', 'What they watch'],
  ['subjects', 'Different things among it, those that were watched lately included'],
] as const
