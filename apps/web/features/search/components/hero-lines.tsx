/** A piece of a network map: straight lines, 45° bends, stations and one interchange. */
export function HeroLines() {
  return (
    <div aria-hidden className="absolute inset-0 -z-10 overflow-hidden">
      <svg
        aria-hidden="true"
        viewBox="0 0 1200 520"
        preserveAspectRatio="xMaxYMid slice"
        fill="none"
        className="absolute inset-0 size-full opacity-25 sm:opacity-90"
      >
        <g strokeWidth="9" strokeLinejoin="round" strokeLinecap="round">
          <path d="M560 560 760 360h180l170-170h160" className="stroke-amber" />
          <path d="M700-40v110l160 160v330" className="stroke-[oklch(0.62_0.09_172)]" />
          <path
            d="M1240 420h-210L860 250H690L530 90V-40"
            className="stroke-[oklch(0.45_0.07_180)]"
          />
          <path d="M990-40v150l-70 70v380" className="stroke-[oklch(0.86_0.05_100)]" />
        </g>
        <g className="fill-night stroke-on-night" strokeWidth="5">
          <circle cx="650" cy="470" r="8" />
          <circle cx="1040" cy="260" r="8" />
          <circle cx="1160" cy="190" r="8" />
          <circle cx="700" cy="30" r="8" />
          <circle cx="780" cy="150" r="8" />
          <circle cx="610" cy="170" r="8" />
          <circle cx="1110" cy="420" r="8" />
          <circle cx="990" cy="40" r="8" />
          <circle cx="860" cy="470" r="8" />
          <rect x="846" y="346" width="88" height="28" rx="14" />
          <circle cx="860" cy="248" r="15" />
        </g>
      </svg>
      <div className="absolute inset-0 bg-linear-to-r from-night from-25% via-night/75 to-transparent" />
    </div>
  )
}
