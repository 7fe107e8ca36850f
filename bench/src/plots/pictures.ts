import type { Report } from '../harness/report.ts'
import { clusterPictures } from './cluster.ts'
import { failoverPictures } from './failover.ts'
import type { Picture } from './picture.ts'
import { fsmPictures, searchPictures } from './rates.ts'
import { restartPictures } from './restart.ts'

const drawn: Readonly<Record<string, (report: Report) => readonly Picture[]>> = {
  cluster: clusterPictures,
  failover: failoverPictures,
  search: searchPictures,
  fsm: fsmPictures,
  restart: restartPictures,
}

export const drawnSubjects = Object.keys(drawn)

/** None, where a subject has no picture or was asked for nothing that is in one. */
export const picturesOf = (report: Report): readonly Picture[] =>
  drawn[report.subject]?.(report) ?? []
