import { Injectable } from '@nestjs/common';
import { permits, type Role } from '@task/domain';
import type { IncomingMessage } from 'node:http';
import { exchangeOf } from '../exchange/exchange';
import { Refusal } from '../failures/refusal';
import { Gates } from '../network/gates';
import { CallerFinder } from './caller-finder';

/** Whether those who were let in once would be let in again: keys are revoked and run out, and addresses are shut out. */
@Injectable()
export class Standing {
  constructor(
    private readonly callers: CallerFinder,
    private readonly gates: Gates,
  ) {}

  /** @param need what its caller must be permitted to do. While nobody can tell, a request goes on. */
  async mayGoOn(request: IncomingMessage, need: Role): Promise<boolean> {
    try {
      this.gates.pass(request, exchangeOf(request).address);
      const caller = await this.callers.find(request);
      return caller !== null && permits(caller, need);
    } catch (error) {
      return !(error instanceof Refusal);
    }
  }
}
