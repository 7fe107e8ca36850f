'use client'

import { Moon, Sun, SunMoon } from 'lucide-react'
import { useTheme } from 'next-themes'
import { Button } from '@/components/ui/button'
import { useMounted } from '@/lib/use-mounted'

const themes = ['system', 'light', 'dark'] as const
const icons = { system: SunMoon, light: Sun, dark: Moon } as const

/** One button that goes round: as the system has it, light, dark. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme()
  // The server can not know the theme; until the page knows it, it shows the neutral one.
  const mounted = useMounted()
  const current = mounted ? (themes.find((name) => name === theme) ?? 'system') : 'system'
  const next = themes[(themes.indexOf(current) + 1) % themes.length] ?? 'system'
  const Icon = icons[current]
  return (
    <Button
      variant="quiet"
      size="icon"
      aria-label={`Theme: ${current}. Change to ${next}`}
      title={`Theme: ${current}`}
      onClick={() => setTheme(next)}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  )
}
