'use client'

/** When even the frame of the page fails there are no styles to count on. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui', padding: '3rem', maxWidth: '36rem' }}>
        <title>Quorail</title>
        <h1>This page broke</h1>
        <p>That is our mistake. Your bookings and payments are not touched by it.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  )
}
