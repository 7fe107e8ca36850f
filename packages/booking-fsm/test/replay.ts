/** A program: plays the logs of FILES against the model, and prints what is found in each as JSON: `node test/replay.ts FILE…`. */
import { pathToFileURL } from 'node:url'
import { readWitness, replay } from './mutants/witnesses.ts'

const files = process.argv.slice(2)
console.log(JSON.stringify(files.map((file) => replay(readWitness(pathToFileURL(file))))))
