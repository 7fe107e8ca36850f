/** Joins class names. Where a caller's must win over the component's own, it says so with `!`. */
export { clsx as cn } from 'clsx'
