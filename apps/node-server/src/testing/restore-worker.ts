/**
 * `node restore-worker.ts FOLDER INDEX SNAPSHOT ARMED`: opens the databases of a node, takes the snapshot, and as long as it
 * does there is the file ARMED. Whoever started it may kill it at any step; at its end it prints the hash that it is at.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stateHash } from '@quorail/booking-fsm'
import { reader, StateNode } from './state-node.ts'

const [folder = '', index = '', snapshot = '', armed = ''] = process.argv.slice(2)
const bytes = readFileSync(snapshot)
const node = new StateNode(folder)
writeFileSync(armed, '')
const state = await node.restore(Number(index), reader(bytes))
rmSync(armed)
console.log(stateHash(state))
await node.store.close()
