import { BlockList, isIP } from 'node:net'

/** Whether a text names one address or a range of them (`10.1.0.0/16`), as proxies are named. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/**
 * Where a request comes from (客户端地址). `X-Forwarded-For` is believed only from proxies that were named, from the last hop backwards, and no further than
 * the first address that is none of them: what the client itself wrote in front of it counts for nothing.
 */
export function clientAddress(socket: string, forwardedFor: string | string[] | undefined, proxies: readonly string[]): string {
  let address = plain(socket)
  if (proxies.length === 0 || forwardedFor === undefined) return address
  const trusted = listOf(proxies)
  const hops = [forwardedFor]
    .flat()
    .join(',')
    .split(',')
    .map((hop) => hop.trim())
  while (hops.length > 0 && isIn(trusted, address)) {
    const before = plain(hops.pop() ?? '')
    // A proxy that passes on what is no address has told nothing.
    if (isIP(before) === 0) break
    address = before
  }
  return address
}

/** What counts as one address: an IPv4 address, or the network of 64 bits that one subscriber has of IPv6. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  // One spelling for each address; without the name of an interface.
  const written = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [head = '', tail = ''] = written.split('::')
  const [front, back] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [
    ...(front ?? []),
    ...Array(8)
      .fill('0')
      .slice((front?.length ?? 0) + (back?.length ?? 0)),
    ...(back ?? []),
  ]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** An IPv4 address that came through an IPv6 socket is that IPv4 address. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ?? address
}

function listOf(proxies: readonly string[]): BlockList {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
