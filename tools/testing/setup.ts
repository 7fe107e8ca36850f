import { configureGlobal } from 'fast-check'

// One seed for a whole run: a failure is repeated by `QUORAIL_SEED=… npm test`.
configureGlobal({ seed: Number(process.env.QUORAIL_SEED) })
