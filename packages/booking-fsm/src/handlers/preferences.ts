/** What a party may ask of its seats. */
import { checkEach, checkLength, firstInvalid, isInt, isObject } from '../checks.ts'
import type { SeatPreferences } from '../commands.ts'
import { isSeatProperty } from '../inventory/seat-properties.ts'
import { invalid } from '../refusal.ts'
import type { Refusal } from '../replies.ts'

export function checkPreferences(
  preferences: SeatPreferences | undefined,
  passengers: number,
): Refusal | undefined {
  if (preferences === undefined) return undefined
  if (!isObject(preferences)) return invalid('preferences')
  const { required, wished, apart, wheelchairPlaces } = preferences as SeatPreferences
  return (
    checkProperties(required, 'preferences.required') ??
    checkProperties(wished, 'preferences.wished') ??
    firstInvalid([
      [typeof apart === 'boolean', 'preferences.apart'],
      [isInt(wheelchairPlaces, 0, passengers), 'preferences.wheelchairPlaces'],
    ])
  )
}

/** Wheelchair and companion places go by number. */
function checkProperties(list: unknown, field: string): Refusal | undefined {
  const length = checkLength(list, 0, 10, field)
  if (length !== undefined) return length
  const each = list as readonly unknown[]
  return checkEach(each, (property, i) => {
    const byNumber = property === 'wheelchair' || property === 'companion'
    const good = isSeatProperty(property) && !byNumber && each.indexOf(property) === i
    return good ? undefined : invalid(`${field}[${i}]`)
  })
}
