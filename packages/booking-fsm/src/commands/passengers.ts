/** People somebody travels with often. */

/** Keeps a passenger for the actor's next bookings, or changes one. */
export interface SavePassenger {
  readonly type: 'savePassenger'
  /** 0: a new one. */
  readonly passengerId: number
  readonly name: string
  /** As in a hold; '' pays in full. */
  readonly passengerType: string
  /** As yyyymmdd; 0: not said. */
  readonly birthDate: number
  /** A document that an inspector may ask for, as the passenger writes it; '' when there is none. */
  readonly document: string
}

export interface ForgetPassenger {
  readonly type: 'forgetPassenger'
  readonly passengerId: number
}
