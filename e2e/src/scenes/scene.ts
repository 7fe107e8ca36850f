import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { TestCluster } from '../../../tools/testing/cluster.ts'

export interface Device {
  readonly name: 'phone' | 'desktop'
  readonly width: number
  readonly height: number
}

export type Theme = 'light' | 'dark'

export interface Stage {
  readonly cluster: TestCluster
  readonly browser: Browser
  /** A browser of its own for this picture: no cookie and no choice of another scene. */
  readonly context: BrowserContext
  readonly page: Page
  readonly device: Device
  readonly theme: Theme
}

/** One page in one state: what a person would do to see it. */
export interface Scene {
  /** The name of its files. */
  readonly name: string
  /** Leaves the page as it is to be seen. */
  show(stage: Stage): Promise<void>
  /** Undoes what others would suffer from: a stopped node goes on. */
  after?(stage: Stage): Promise<void>
  /** Only what the window shows, for a dialog or a panel over a long page. */
  readonly windowOnly?: boolean
}
