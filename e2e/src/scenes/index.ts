import type { Scene } from './scene.ts'
import { searchScenes } from './search.ts'

export const scenes: readonly Scene[] = [...searchScenes]
