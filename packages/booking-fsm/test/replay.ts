/**
 * A program: plays the logs of FILES against the model, and prints what is found in each as JSON, as histories look for
 * it and with everything looked at after every entry: `node test/replay.ts FILE…`.
 */
import { pathToFileURL } from 'node:url'
import { readWitness, replay } from './mutants/witnesses.ts'

const files = process.argv.slice(2)
const found = files.map((file) => {
  const events = readWitness(pathToFileURL(file))
  return [replay(events), replay(events, true)]
})
console.log(JSON.stringify(found))
