import ipaddr from 'ipaddr.js';

/** Whether only this machine can reach what listens on the host. A name other than localhost may mean anything. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
