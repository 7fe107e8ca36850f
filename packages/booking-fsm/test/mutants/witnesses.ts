/**
 * A witness is a log that shows one planted bug: with it machine and model differ, without it they agree. It was
 * found by generated histories and then made short; other histories may be generated tomorrow, and it still shows it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Entry } from '../../src/index.ts'
import { Duel } from '../model/duel.ts'

/** An entry, or where the machine is loaded from its rows. */
export type Event = Entry | 'reload'

const folder = new URL('./witnesses/', import.meta.url)

export function witnessOf(name: string): URL {
  return new URL(`${slugOf(name)}.jsonl`, folder)
}

export function hasWitness(name: string): boolean {
  return existsSync(witnessOf(name))
}

/** The names of the files of all of them. */
export function witnessFiles(): URL[] {
  return readdirSync(folder).map((file) => new URL(file, folder))
}

export function readWitness(file: URL): Event[] {
  return eventsIn(readFileSync(file, 'utf8'))
}

export function writeWitness(file: URL, events: readonly Event[]): void {
  writeFileSync(file, textOf(events))
}

/** As they will be read: what is absent and what is undefined are the same. */
export function asRead(events: readonly Event[]): Event[] {
  return eventsIn(textOf(events))
}

/**
 * What differs first between machine and model; '' if nothing does. `thorough`: with everything looked at after every
 * entry, where else that is done at each reload.
 */
export function replay(events: readonly Event[], thorough = false): string {
  const duel = new Duel(thorough)
  try {
    for (const event of events) {
      if (event === 'reload') duel.reload()
      else duel.apply(event)
    }
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function textOf(events: readonly Event[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function eventsIn(text: string): Event[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
    .map((event) => (event === 'reload' ? event : { ...event, key: event.key }))
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
