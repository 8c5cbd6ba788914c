import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@task/domain';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { CallerFinder } from '../access/caller-finder';
import type { Exchange } from '../exchange/exchange';
import { Refusal } from '../failures/refusal';
import type { Allowance } from './allowance';
import { Allowances } from './allowances';
import { chargeOf, type Charge } from './charge';
import { clientAddress } from './client-address';
import { showAllowance } from './rate-limit-headers';

const MOST_CALLERS = 20_000;

/**
 * Finds out who asks, and refuses who asks too often, by address and by key. Stands before everything else, bodies and
 * unknown paths included; a guard of Nest's runs on known routes only, and after the body was read.
 */
@Injectable()
export class Admission {
  private readonly addresses: Allowances;
  private readonly keys: Allowances;

  constructor(
    private readonly callers: CallerFinder,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {
    this.addresses = new Allowances(settings.rateLimit, MOST_CALLERS);
    this.keys = new Allowances(settings.rateLimit, MOST_CALLERS);
  }

  /** Lets a request in, with its caller when that is known. @throws Refusal when it is one too many */
  async enter(request: Request, response: Response, exchange: Exchange): Promise<void> {
    const now = performance.now();
    const charge = chargeOf(request.url, request.headers);
    // Until its body is read it may be a holder's write.
    const atDoor = charge === 'later' ? 'refusals' : charge;
    const address = this.ofAddress(request, now);
    let tightest = address;
    try {
      let paid = spend(address, atDoor) ? 1 : 0;
      if (atDoor === 'nothing') return;
      const caller = await this.callers.find(request);
      const key = this.ofKey(request, caller, now);
      tightest = tighterOf(address, key);
      // Only a caller with a key can be a lease's holder.
      if (caller === null) spend(address, atDoor === 'refusals' ? 'request' : 'nothing');
      else if (spend(key, atDoor)) paid = 1;
      exchange.caller = caller;
      if (charge === 'refusals') chargeRefusals(response, exchange, [address, key]);
      exchange.charge = this.chargeLater(response, exchange, [address, key], paid);
      if (charge === 'later') chargeUnread(response, exchange, [address, key]);
    } finally {
      showAllowance(response, tightest, this.settings.rateLimit);
    }
  }

  /** Shows a caller its limit where nobody got so far as to find out who it is. */
  show(request: Request, response: Response): void {
    if (response.hasHeader('X-RateLimit-Limit')) return;
    showAllowance(response, this.ofAddress(request, performance.now()), this.settings.rateLimit);
  }

  /** Charges each message of a body, except those that were paid for at the door, and shows what is left. */
  private chargeLater(
    response: Response,
    exchange: Exchange,
    allowances: Charged,
    paid: number,
  ): (charge: Charge) => void {
    let left = paid;
    let isWatched = false;
    return (charge) => {
      exchange.isCharged = true;
      left -= 1;
      if (left >= 0) return;
      if (charge === 'refusals' && !isWatched) {
        isWatched = true;
        chargeRefusals(response, exchange, allowances);
      }
      try {
        for (const allowance of allowances) spend(allowance, charge);
      } finally {
        showAllowance(response, tighterOf(...allowances), this.settings.rateLimit);
      }
    };
  }

  private ofAddress(request: Request, now: number): Allowance | null {
    const address = this.callers.isLocal(request) ? null : clientAddress(request);
    return address === null ? null : this.addresses.of(address, now);
  }

  private ofKey(request: Request, caller: Principal | null, now: number): Allowance | null {
    const { enableAuth } = this.settings;
    return caller === null || !enableAuth || this.callers.isLocal(request)
      ? null
      : this.keys.of(caller.name, now);
  }
}

/** Who pays: the address, and the key. */
type Charged = readonly [address: Allowance | null, key: Allowance | null];

function tighterOf(address: Allowance | null, key: Allowance | null): Allowance | null {
  return key !== null && (address === null || key.remaining <= address.remaining) ? key : address;
}

/** @returns whether a request was spent. @throws Refusal when none is left */
function spend(allowance: Allowance | null, charge: Charge): boolean {
  if (allowance === null || charge === 'nothing' || (charge === 'refusals' && allowance.isPatient))
    return false;
  if (allowance.take()) return true;
  const seconds = allowance.retryAfterSeconds;
  throw new Refusal('rate_limited', { retry_after_seconds: seconds }, { 'Retry-After': String(seconds) });
}

/** What was refused was no holder's write after all. */
function chargeRefusals(response: Response, exchange: Exchange, allowances: Charged): void {
  response.once('finish', () => {
    const isRefused = response.statusCode >= 400 && response.statusCode < 500;
    const refusals = exchange.refusals + (isRefused ? 1 : 0);
    for (const allowance of allowances) allowance?.tryPatience(refusals);
  });
}

/** What was refused before anybody could tell what it asked for is counted as a holder's write that was refused. */
function chargeUnread(response: Response, exchange: Exchange, allowances: Charged): void {
  response.once('finish', () => {
    if (exchange.isCharged) return;
    for (const allowance of allowances) allowance?.tryPatience();
  });
}
