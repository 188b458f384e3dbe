// SPDX-License-Identifier: Apache-2.0
// What the drawing of paths and our own pages use and Chromium 88 to 97 do not have. Newer browsers keep their own.

/** `Array.prototype.at`: the element at a place, counted from the end when negative. */
export function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const place = Math.trunc(index) || 0
  return this[place < 0 ? this.length + place : place]
}

/** `Object.hasOwn`. */
export function hasOwn(object: object, key: PropertyKey): boolean {
  return Object.getOwnPropertyDescriptor(object, key) !== undefined
}

/** `structuredClone`, for plain data only: the layers of a drawing are all that is ever cloned here. */
export function clonePlain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

add(Array.prototype, 'at', at)
add(String.prototype, 'at', at)
add(Object, 'hasOwn', hasOwn)
add(globalThis, 'structuredClone', clonePlain)

function add(owner: object, name: string, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
}
