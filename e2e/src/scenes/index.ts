import { accountScenes } from './account.ts'
import { assistantScenes } from './assistant.ts'
import { bookingScenes } from './booking.ts'
import { clusterScenes } from './cluster.ts'
import type { Scene } from './scene.ts'
import { searchScenes } from './search.ts'
import { staffScenes } from './staff.ts'

/** In the order of a journey; `trips` comes after the bookings it shows. */
export const scenes: readonly Scene[] = [
  ...searchScenes,
  ...bookingScenes,
  ...accountScenes,
  ...assistantScenes,
  ...staffScenes,
  ...clusterScenes,
]
