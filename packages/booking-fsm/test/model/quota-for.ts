import type { ModelRun, World } from './world.ts'

/** What counts for a run: its own, else the train's latest that is not after its date. */
export function quotaFor(
  world: World,
  run: ModelRun,
  classCode: string,
): World['quotas'][number] | undefined {
  const ofTrain = world.quotas.filter(
    (quota) => quota.trainId === run.trainId && quota.classCode === classCode,
  )
  const own = ofTrain.find((quota) => quota.runId === run.id)
  const dated = ofTrain
    .filter((quota) => quota.runId === 0 && quota.fromDate <= run.serviceDate)
    .sort((a, b) => b.fromDate - a.fromDate)
  return own ?? dated[0]
}
