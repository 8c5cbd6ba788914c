import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [address: Address, bits: number];

/** Addresses whose verdict is kept: an attacker with many of them must not fill the memory. */
const MOST_REMEMBERED = 10_000;
const MAPPED_BITS = 96;

/** IP addresses and ranges of them, as the operator has listed them: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`. */
export class AddressList {
  private readonly verdicts = new Map<string, boolean>();

  private constructor(private readonly ranges: readonly Range[]) {}

  /** @throws Error for what {@link AddressList.isRange} does not take */
  static of(texts: readonly string[]): AddressList {
    return new AddressList(
      texts.map((text) => {
        const range = rangeOf(text);
        if (range === null) throw new Error(`"${text}" is no address and no range of addresses`);
        return range;
      }),
    );
  }

  /** Whether a text is an address, or a range in CIDR notation. */
  static isRange(text: string): boolean {
    return rangeOf(text) !== null;
  }

  /** Whether an address is in the list. An IPv4 address that is mapped into IPv6 counts as the IPv4 address. */
  has(address: string): boolean {
    const known = this.verdicts.get(address);
    if (known !== undefined) return known;
    if (this.verdicts.size >= MOST_REMEMBERED) this.verdicts.clear();
    const verdict = this.contains(address);
    this.verdicts.set(address, verdict);
    return verdict;
  }

  private contains(text: string): boolean {
    const address = addressOf(text);
    if (address === null) return false;
    return this.ranges.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  }
}

/**
 * The one way to write an address, or null for what is none. Takes it as sockets and proxies give it: with a zone, with
 * a port, or an IPv4 address mapped into IPv6.
 */
export function canonicalAddress(text: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  const address = addressOf((bracketed ?? dotted ?? text).replace(/%[\w.-]+$/, ''));
  if (address === null) return null;
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** Takes four decimal parts only: `1`, `0x7f.1` and `0177.0.0.1` mean something else to each reader. */
function addressOf(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function rangeOf(text: string): Range | null {
  const [, head = '', tail] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = addressOf(head);
  if (address === null) return null;
  const isMapped = address.kind() === 'ipv4' && head.includes(':');
  const width = address.kind() === 'ipv4' && !isMapped ? 32 : 128;
  const bits = Number(tail ?? width);
  if (bits > width || (isMapped && bits < MAPPED_BITS)) return null;
  return [address, isMapped ? bits - MAPPED_BITS : bits];
}
