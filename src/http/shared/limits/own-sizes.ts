import type { Principal } from '@task/domain';
import type { BucketSizes } from './allowance';

/** The buckets of a key, which may have a limit of its own. */
export interface OwnSizes {
  readonly sizes: BucketSizes;
  /** Whether the key may ask more than an address: the limit of addresses is not for it. */
  readonly isMore: boolean;
}

/** A burst is as large as a second of the key's own limit at least; a key without any limit has none here either. */
export function ownSizes({ requestsPerMinute: own }: Principal, common: BucketSizes): OwnSizes {
  if (own === undefined) return { sizes: common, isMore: false };
  const isMore = own === 0 || (common.requestsPerMinute > 0 && own > common.requestsPerMinute);
  const burstSize = own === 0 || common.burstSize === 0 ? 0 : Math.max(common.burstSize, Math.ceil(own / 60));
  return { sizes: { requestsPerMinute: own, burstSize }, isMore };
}
