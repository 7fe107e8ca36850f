import { firstInvalid, isClassCode, isId, isInt, isServiceDate, isText } from '../checks.ts'
import type { ForgetPassenger, SavePassenger } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { dropPassenger, keepPassenger, savedPassengers } from '../saved-passengers.ts'
import { type Work, writeRow } from '../store.ts'

const MAX_PASSENGERS = 20

export function savePassenger(work: Work, command: SavePassenger): Reply {
  const { state, actor: accountId } = work
  const { passengerId, name, passengerType, birthDate, document } = command
  const refusal = firstInvalid([
    [isInt(passengerId, 0, Number.MAX_SAFE_INTEGER), 'passengerId'],
    [isText(name, 1, 512), 'name'],
    [passengerType === '' || isClassCode(passengerType), 'passengerType'],
    [birthDate === 0 || isServiceDate(birthDate), 'birthDate'],
    [isText(document, 0, 64), 'document'],
  ])
  if (refusal !== undefined) return refusal
  if (accountId === 0) return refuse('notAllowed')
  const all = savedPassengers(state, accountId)
  const known = all.find((it) => it.passengerId === passengerId)
  const said = { name, passengerType, birthDate, document }
  if (known !== undefined) {
    writeRow(work, 'saved_passengers', Object.assign(known, said))
    return { type: 'passengerSaved', passengerId }
  }
  if (passengerId !== 0) return refuse('passengerNotFound')
  if (all.length >= MAX_PASSENGERS) return refuse('tooMany', { figure: MAX_PASSENGERS })
  const given = (all.at(-1)?.passengerId ?? 0) + 1
  const passenger = { hashLow: 0, hashHigh: 0, accountId, passengerId: given, ...said }
  keepPassenger(state, passenger)
  writeRow(work, 'saved_passengers', passenger)
  return { type: 'passengerSaved', passengerId: given }
}

export function forgetPassenger(work: Work, { passengerId }: ForgetPassenger): Reply {
  const refusal = firstInvalid([[isId(passengerId), 'passengerId']])
  if (refusal !== undefined) return refusal
  const all = savedPassengers(work.state, work.actor)
  const passenger = all.find((it) => it.passengerId === passengerId)
  if (passenger === undefined) return refuse('passengerNotFound')
  dropPassenger(work, passenger)
  return { type: 'done' }
}
