import { describe, expect, it } from 'vitest'
import { buildCoaches, type CoachView, moveInGrid, nearestFree, seatName } from './seat-grid'
import {
  afterRefresh,
  findSeat,
  limitTo,
  loseSeats,
  namesOf,
  nothingChosen,
  stateOf,
  toggleSeat,
} from './selection'

/** Two coaches of three rows AB-C: seats 0 to 8 and 9 to 17. */
function coaches(taken: readonly number[] = []): readonly CoachView[] {
  const layout = { classCode: '2', rows: 3, columns: 'AB-C' }
  const layouts = ['1', '2'].map((label) => ({ ...layout, label }))
  let seat = 0
  const seats = layouts.flatMap(({ label }) =>
    [1, 2, 3].flatMap((row) =>
      ['A', 'B', 'C'].map((column) => {
        const number = seat++
        const free = !taken.includes(number)
        return { seat: number, coachLabel: label, label: `${row}${column}`, row, column, free }
      }),
    ),
  )
  return buildCoaches(layouts, seats)
}

const at = (seat: number, all = coaches()) => {
  const found = findSeat(all, seat)
  if (found === undefined) throw new Error(`no seat ${seat}`)
  return found
}

describe('the seat grid', () => {
  it('knows window, aisle and lanes', () => {
    const [first] = coaches([4])
    expect(first?.seats.slice(0, 3).map(({ position }) => position)).toEqual([
      'window',
      'aisle',
      'window',
    ])
    expect(first).toMatchObject({ lanes: 4, aisles: [3], freeSeats: 8 })
  })

  it('names a seat in full', () => {
    expect(seatName(at(1), 'free')).toBe('Coach 1, seat 1B, aisle, free')
    expect(seatName(at(0), 'lost')).toBe('Coach 1, seat 1A, window, just taken by someone else')
  })

  it('moves as the arrows look on the screen, over the aisle, and not beyond the walls', () => {
    const [coach] = coaches()
    if (coach === undefined) throw new Error('no coach')
    const go = (from: number, key: string, orientation: 'upright' | 'lying' = 'upright') =>
      moveInGrid(coach, at(from), key, orientation)?.seat
    expect(go(0, 'ArrowDown')).toBe(3)
    expect(go(1, 'ArrowRight')).toBe(2)
    expect(go(2, 'ArrowLeft')).toBe(1)
    expect(go(0, 'ArrowUp')).toBe(0)
    expect(go(0, 'ArrowRight', 'lying')).toBe(3)
    expect(go(1, 'ArrowDown', 'lying')).toBe(2)
    expect(go(4, 'Home')).toBe(0)
    expect(go(4, 'End')).toBe(8)
    expect(go(0, 'a')).toBeUndefined()
  })

  it('finds the nearest free seats, the own coach first', () => {
    const all = coaches([4, 3])
    const near = nearestFree(all, at(4, all), new Set([5]), 3).map(({ seat }) => seat)
    expect(near).toEqual([1, 7, 0])
  })
})

describe('a selection', () => {
  it('moves the earliest choice when the party is seated', () => {
    let selection = nothingChosen
    for (const seat of [0, 1, 2]) selection = toggleSeat(selection, seat, 2)
    expect(selection.chosen).toEqual([1, 2])
    expect(toggleSeat(selection, 1, 2).chosen).toEqual([2])
    expect(limitTo(selection, 1).chosen).toEqual([1])
  })

  it('loses only the seats that are gone, and marks what is near', () => {
    const selection = { ...nothingChosen, chosen: [4, 5] }
    const after = loseSeats(selection, [4], coaches([4]))
    expect(after).toMatchObject({ chosen: [5], lost: [4] })
    expect(after.suggested).not.toContain(5)
    expect(after.suggested).toHaveLength(3)
    expect(stateOf(after, at(4, coaches([4])))).toBe('lost')
    expect(stateOf(after, at(after.suggested[0] as number))).toBe('suggested')
  })

  it('is checked against each fresh map, and stays the same object when nothing is lost', () => {
    const selection = { ...nothingChosen, chosen: [4, 5] }
    expect(afterRefresh(selection, coaches())).toBe(selection)
    expect(afterRefresh(selection, coaches([5])).chosen).toEqual([4])
    expect(afterRefresh(selection, [])).toBe(selection)
  })

  it('forgets a lost seat when another is chosen for it', () => {
    const lost = loseSeats({ ...nothingChosen, chosen: [4] }, [4], coaches([4]))
    expect(toggleSeat(lost, 7, 1)).toMatchObject({ chosen: [7], lost: [4] })
  })

  it('names seats of one and of two coaches', () => {
    expect(namesOf([at(0)])).toBe('Seat 1A in coach 1')
    expect(namesOf([at(0), at(1), at(9)])).toBe('Seats 1A and 1B in coach 1 and 1A in coach 2')
  })
})
