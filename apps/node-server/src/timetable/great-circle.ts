/** A point on the earth, in millionths of a degree. */
export interface Place {
  readonly latitudeE6: number
  readonly longitudeE6: number
}

const earthRadiusMetres = 6_371_008.8
const radians = (degreesE6: number) => (degreesE6 / 1e6) * (Math.PI / 180)

/** The distance over the ground, in whole metres (haversine). */
export function greatCircleMetres(from: Place, to: Place): number {
  const [a, b] = [radians(from.latitudeE6), radians(to.latitudeE6)]
  const half =
    Math.sin((b - a) / 2) ** 2 +
    Math.cos(a) * Math.cos(b) * Math.sin(radians(to.longitudeE6 - from.longitudeE6) / 2) ** 2
  return Math.round(2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(half))))
}
