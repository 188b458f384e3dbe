// SPDX-License-Identifier: Apache-2.0
// What the drawing of paths and our own pages use and Chromium 88 to 97 do not have. Newer browsers keep their own.

/** The element at a place, counted from the end when negative. */
function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const place = Math.trunc(index) || 0
  return this[place < 0 ? this.length + place : place]
}

add(Array.prototype, 'at', at)
add(String.prototype, 'at', at)
add(Object, 'hasOwn', (object: object, key: PropertyKey) => Object.hasOwn(object, key))
// Only plain data is ever cloned here: the layers of a drawing.
add(globalThis, 'structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)))

function add(owner: object, name: string, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
}
