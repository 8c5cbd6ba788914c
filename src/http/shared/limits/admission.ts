import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@task/domain';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { CallerFinder } from '../access/caller-finder';
import type { Exchange } from '../exchange/exchange';
import { Refusal } from '../failures/refusal';
import { chargeOf, type Charge } from './charge';
import { KnownCallers } from './known-callers';
import { limitedName } from './limited-name';
import { ownSizes } from './own-sizes';
import { showAllowance } from './rate-limit-headers';
import type { Spendable } from './spendable';
import { TokenBucketStorage } from './token-bucket-storage';

/** In whose name a request is limited; several are spent from all or nothing. */
type Purse = readonly Spendable[];

const MOST_KNOWN = 10_000;

/**
 * Finds out who asks, and refuses who asks too often, by address and by key. Stands before everything else, bodies and
 * unknown paths included; a guard of Nest's runs on known routes only, and after the body was read. Who comes without a
 * good key is limited among such strangers of the same address, before anything is looked up.
 */
@Injectable()
export class Admission {
  private readonly known = new KnownCallers(MOST_KNOWN);

  constructor(
    private readonly callers: CallerFinder,
    private readonly buckets: TokenBucketStorage,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  /** Lets a request in, with its caller when that is known. @throws Refusal when it is one too many */
  async enter(request: Request, response: Response, exchange: Exchange): Promise<void> {
    const charge = chargeOf(request.url, request.headers);
    // Until its body is read it may be a holder's write.
    const atDoor = charge === 'later' ? 'refusals' : charge;
    const expected = this.expectedCaller(request);
    let purse = this.purseOf(expected, exchange.address);
    try {
      await this.prepare(purse, atDoor);
      const isPaid = spend(purse, atDoor);
      if (atDoor === 'nothing') return;
      const caller = await this.callers.find(request);
      exchange.caller = caller;
      if (expected === null || caller !== expected) {
        this.note(request, caller);
        purse = await this.correct(purse, atDoor, expected, caller, exchange.address);
      }
      if (charge === 'refusals') chargeRefusals(response, exchange, purse);
      exchange.charge = this.chargeLater(response, exchange, isPaid ? 1 : 0);
      if (charge === 'later') chargeUnread(response, exchange, purse);
    } finally {
      this.tell(response, purse);
    }
  }

  /** Shows a caller its limit where nobody got so far as to find out who it is. */
  show(request: Request, response: Response, exchange: Exchange): void {
    if (response.hasHeader('X-RateLimit-Limit')) return;
    this.tell(response, this.purseOf(this.expectedCaller(request), exchange.address));
  }

  /** Charges each message of a body, except those that were paid for at the door, and shows what is left. */
  private chargeLater(
    response: Response,
    exchange: Exchange,
    paid: number,
  ): (charge: Charge) => Promise<void> {
    let left = paid;
    let isWatched = false;
    return async (charge) => {
      exchange.isCharged = true;
      left -= 1;
      if (left >= 0) return;
      // Time has gone by while the body was read.
      const purse = this.purseOf(exchange.caller, exchange.address);
      if (charge === 'refusals' && !isWatched) {
        isWatched = true;
        chargeRefusals(response, exchange, purse);
      }
      try {
        await this.prepare(purse, charge);
        spend(purse, charge);
      } finally {
        this.tell(response, purse);
      }
    };
  }

  private tell(response: Response, purse: Purse): void {
    const { requestsPerMinute } = this.settings.rateLimit;
    const unlimited = { limit: requestsPerMinute, remaining: requestsPerMinute, fullInMs: 0 };
    showAllowance(response, tightestOf(purse) ?? unlimited);
  }

  /** Who it is, unless that has changed since the last time; null for a stranger. */
  private expectedCaller(request: Request): Principal | null {
    const secret = this.callers.secretOf(request);
    return this.callers.withoutKey(request) ?? (secret === null ? null : this.known.of(secret));
  }

  private note(request: Request, caller: Principal | null): void {
    const secret = this.callers.secretOf(request);
    if (secret !== null) this.known.note(secret, caller);
  }

  /** Charges those who should have been charged, now that it is known who asks. */
  private async correct(
    spent: Purse,
    charge: Charge,
    expected: Principal | null,
    caller: Principal | null,
    address: string | null,
  ): Promise<Purse> {
    const owed = this.purseOf(caller, address);
    if (caller !== null) {
      if (expected === null && charge === 'request') for (const allowance of spent) allowance.putBack();
      if (expected?.name === caller.name) return owed;
      await this.prepare(owed, charge);
      spend(owed, charge);
    } else if (expected !== null || charge === 'refusals') {
      // Only a caller with a key can be a lease's holder.
      await this.prepare(owed, 'request');
      spend(owed, 'request');
    }
    return owed;
  }

  /** Finds out what is left, where other instances spend from the same buckets: those who spend alone wait for nothing. */
  private async prepare(purse: Purse, charge: Charge): Promise<void> {
    const spent = spentOf(purse, charge);
    for (let draw = this.buckets.prepare(spent); draw !== null; draw = this.buckets.prepare(spent))
      await draw;
  }

  private purseOf(caller: Principal | null, address: string | null): Purse {
    const { rateLimit, enableAuth } = this.settings;
    if (this.callers.isOperator(caller)) return [];
    const name = address === null ? null : limitedName(address);
    if (caller === null) return name === null ? [] : [this.buckets.of('stranger', name, rateLimit)];
    const own = ownSizes(caller, rateLimit);
    const purse = enableAuth ? [this.buckets.of('key', caller.name, own.sizes)] : [];
    return name === null || own.isMore ? purse : [this.buckets.of('address', name, rateLimit), ...purse];
  }
}

/** @returns whether a request was spent. @throws Refusal when none is left */
function spend(purse: Purse, charge: Charge): boolean {
  if (charge === 'nothing') return false;
  const spent = spentOf(purse, charge);
  const empty = spent.filter(({ hasOne }) => !hasOne);
  if (empty.length > 0) throw tooMany(Math.max(...empty.map(({ retryAfterSeconds }) => retryAfterSeconds)));
  for (const allowance of spent) allowance.take();
  return spent.length > 0;
}

function tooMany(seconds: number): Refusal {
  return new Refusal('rate_limited', { retry_after_seconds: seconds }, { 'Retry-After': String(seconds) });
}

/** What of a purse is spent from: holders' writes cost those nothing who still believe that they are. */
function spentOf(purse: Purse, charge: Charge): Purse {
  if (charge === 'nothing') return [];
  return charge === 'request' ? purse : purse.filter(({ isPatient }) => !isPatient);
}

function tightestOf(purse: Purse): Spendable | null {
  let tightest: Spendable | null = null;
  for (const allowance of purse) {
    if (allowance.limit > 0 && (tightest === null || allowance.remaining <= tightest.remaining))
      tightest = allowance;
  }
  return tightest;
}

/** What was refused was no holder's write after all. */
function chargeRefusals(response: Response, exchange: Exchange, purse: Purse): void {
  response.once('finish', () => {
    const isRefused = response.statusCode >= 400 && response.statusCode < 500;
    const refusals = exchange.refusals + (isRefused ? 1 : 0);
    for (const allowance of purse) allowance.tryPatience(refusals);
  });
}

/** What was refused before anybody could tell what it asked for is counted as a holder's write that was refused. */
function chargeUnread(response: Response, exchange: Exchange, purse: Purse): void {
  response.once('finish', () => {
    if (exchange.isCharged) return;
    for (const allowance of purse) allowance.tryPatience();
  });
}
