import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** An address of the list (允许地址): a network, for a name of a host and a port where these are told. */
export interface PermittedAddress {
  host: string | null
  network: string
  port: number | null
}

/** What is about to be connected to: the host and port of the address as registered, and the IP address that it was resolved to. */
export interface Destination {
  host: string
  port: number
  ip: string
}

/**
 * Addresses at which something other than a department's interface answers: this machine, its neighbours on the link, the clouds' own services, and
 * ways of writing an IPv4 address as another. None of them is permitted by a network.
 */
const special = [
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ...['100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
  ...['::/128', '::1/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::254/128', '64:ff9b::/96', '2002::/16'],
]

/** Whether the list permits the connection. Nothing that it does not name is permitted, and what is special only by an entry of that one address. */
export function isPermitted(
  list: readonly PermittedAddress[],
  { host, port, ip }: Destination,
  own: readonly string[] = ownAddresses(),
): boolean {
  const isSpecial = [...special, ...own].some((range) => covers(range, ip))
  return list.some(
    (entry) =>
      (entry.host === null || entry.host === host.toLowerCase()) &&
      (entry.port === null || entry.port === port) &&
      (!isSpecial || isOneAddress(entry.network)) &&
      covers(entry.network, ip),
  )
}

/** The addresses of this machine. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address.replace(/%.*$/, '')))
}

/** Also an IPv4 address that is written as an IPv6 one lies in a network of IPv4. */
function covers(network: string, ip: string): boolean {
  const { address, prefix, family } = partsOf(network)
  const range = new BlockList()
  range.addSubnet(address, prefix, family)
  return range.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}

function isOneAddress(network: string): boolean {
  const { prefix, family } = partsOf(network)
  return prefix === (family === 'ipv6' ? 128 : 32)
}

function partsOf(network: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } {
  const [address = '', bits] = network.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return { address, family, prefix: bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits) }
}

/** A network as it is written down, or what is wrong with it. The bits behind its prefix have to be none: a slip there would permit something else. */
export function networkOf(text: string): { network: string } | { problem: string } {
  const [, address = '', bits] = /^([0-9a-fA-F:.]{2,45})(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const family = isIP(address)
  if (family === 0) return { problem: `“${text}”不是 IP 地址或网段，应如 10.20.0.0/16` }
  const most = family === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  if (prefix > most) return { problem: `“${text}”的前缀长度应为 0 至 ${most}` }
  if (!isFirst(address, prefix, family)) return { problem: `“${text}”的主机位应为零，请填写网段的起始地址` }
  return { network: `${address.toLowerCase()}/${prefix}` }
}

function isFirst(address: string, prefix: number, family: number): boolean {
  const groups = family === 6 ? groupsOf6(address) : address.split('.').map(Number)
  const width = family === 6 ? 16 : 8
  return groups.every((value, i) => {
    const free = Math.min(width, Math.max(0, (i + 1) * width - prefix))
    return (value & (2 ** free - 1)) === 0
  })
}

/** The eight groups of an IPv6 address, as the URL parser writes it out. */
function groupsOf6(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const [first, last] = [read(head), read(tail ?? '')]
  return tail === undefined ? first : [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last]
}
