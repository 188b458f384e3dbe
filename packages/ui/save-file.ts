// SPDX-License-Identifier: Apache-2.0

/** Hands a file to the browser, which keeps it as it keeps every file. A text is JSON. */
export function saveFile(fileName: string, content: Blob | string): void {
  const address = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type: 'application/json' }) : content)
  const link = Object.assign(document.createElement('a'), { href: address, download: fileName })
  document.body.append(link)
  link.click()
  link.remove()
  URL.revokeObjectURL(address)
}
