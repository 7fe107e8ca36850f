/** The run proves nothing, whatever it showed: a fault that did not happen, too little traffic, no real disk. */
export class WorthlessRun extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'WorthlessRun'
  }
}
