import qrcode from 'qrcode-generator'
import { useMemo } from 'react'

/** Dark on white in every theme: scanners need it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => drawCode(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-3 -3 ${size + 6} ${size + 6}`}
      shapeRendering="crispEdges"
      className="w-full rounded-xl bg-white"
    >
      <path d={path} fill="#10211e" />
    </svg>
  )
}

function drawCode(text: string): { size: number; path: string } {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const size = code.getModuleCount()
  const cells = Array.from({ length: size * size }, (_, index) => index)
  const path = cells
    .filter((cell) => code.isDark(Math.floor(cell / size), cell % size))
    .map((cell) => `M${cell % size} ${Math.floor(cell / size)}h1v1h-1z`)
    .join('')
  return { size, path }
}
