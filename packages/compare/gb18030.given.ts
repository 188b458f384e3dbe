/** Characters of two bytes in GB18030 by what they decode to: Node decodes it and does not encode it. */
const pairs = new Map<string, [number, number]>()
const decoder = new TextDecoder('gb18030')
for (let first = 0x81; first <= 0xfe; first++)
  for (let second = 0x40; second <= 0xfe; second++) {
    const character = second === 0x7f ? '' : decoder.decode(Uint8Array.of(first, second))
    if ([...character].length === 1 && !pairs.has(character)) pairs.set(character, [first, second])
  }

/** Text of ASCII and of characters with two bytes, in GB18030. @throws RangeError on any other */
export function gb18030Of(text: string): Buffer {
  const bytes = [...text].flatMap((character) => {
    const pair = character < '\x80' ? [character.charCodeAt(0)] : pairs.get(character)
    if (!pair) throw new RangeError(`${character} has no two bytes in GB18030`)
    return pair
  })
  return Buffer.from(bytes)
}
