import type { ReactNode } from 'react'
import { AssistantButton } from '@/features/assistant/components/assistant-button'
import { ReachabilityBanner } from './reachability-banner'
import { SiteFooter } from './site-footer'
import { SiteHeader } from './site-header'
import { TabBar } from './tab-bar'

export function SiteShell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col pb-[calc(4rem+env(safe-area-inset-bottom))] md:pb-0">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-card px-4 py-3 font-semibold shadow-lift-high focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <SiteHeader />
      <ReachabilityBanner />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        {children}
      </main>
      <SiteFooter />
      <TabBar />
      <AssistantButton />
    </div>
  )
}
