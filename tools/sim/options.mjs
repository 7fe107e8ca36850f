import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

const usage = `usage: pnpm sim [--seed N] [--seeds N] [--events N] [--profile NAME] [--workers N] [--json]
                [--known] [--double SHARE] [--marks]
       pnpm sim --shrink --seed N [--events N] [--profile NAME]
       pnpm sim --topologies [--seed N] [--json]`

export function refuse(message) {
  console.error(`${message}\n${usage}`)
  process.exit(2)
}

const TEXT = ['seed', 'seeds', 'events', 'profile', 'workers', 'double', 'source', 'worker']
const SWITCHES = ['json', 'known', 'marks', 'shrink', 'topologies']

/** The options of the command line, checked. Ends the process with 2 when one is wrong. */
export function readOptions(args) {
  const options = {}
  for (const name of TEXT) options[name] = { type: 'string' }
  for (const name of SWITCHES) options[name] = { type: 'boolean' }
  let given
  try {
    given = parseArgs({ options, args: args.filter((arg) => arg !== '--') }).values
  } catch (error) {
    refuse(error.message)
  }
  const seeds = wholeNumber(given, 'seeds', 1)
  const cores = Math.max(1, os.availableParallelism())
  return {
    seed: wholeNumber(given, 'seed', Math.floor(Math.random() * 2 ** 31)),
    seeds,
    events: wholeNumber(given, 'events', 20_000),
    profile: given.profile ?? 'swarm',
    workers: wholeNumber(given, 'workers', seeds < 20 ? 1 : cores),
    double: share(given.double),
    source: path.resolve(
      given.source ?? path.join(import.meta.dirname, '../../packages/raft-core/src'),
    ),
    worker: given.worker,
    json: given.json === true,
    known: given.known === true,
    marks: given.marks === true,
    shrink: given.shrink === true,
    topologies: given.topologies === true,
  }
}

function wholeNumber(given, name, otherwise) {
  const text = given[name]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) refuse(`--${name}: not a whole number: ${text}`)
  return number
}

function share(text) {
  if (text === undefined) return 0
  const number = Number(text)
  if (!(number >= 0 && number <= 1)) refuse(`--double: not a share from 0 to 1: ${text}`)
  return number
}
