import { Injectable } from '@nestjs/common';
import {
  Buckets,
  QUICK_SECONDS,
  type MetricDistribution,
  type MetricLabels,
  type MetricSample,
} from '@task/application';
import type { Request, Response } from 'express';
import { routeOf } from '../exchange/route-of';
import { RouteTable } from '../failures/route-table';

/** The status of requests that nobody waited for any more. */
const ABORTED = 'aborted';
/** The route of what no route is for. */
const UNMATCHED = 'unmatched';
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Bounds of waiting claims lie beyond those of everything else. */
const BOUNDS = [...QUICK_SECONDS, 30] as const;
const EVENT_STREAM = 'text/event-stream';

/** What was answered on one route to one method. */
class RouteTally {
  readonly statuses = new Map<string | number, number>();
  readonly seconds = new Buckets(BOUNDS);
}

/** Counts the answers of this process by route, method and status, and how long they took. */
@Injectable()
export class HttpMeter {
  private readonly tallies = new Map<string, Map<string, RouteTally>>();

  constructor(private readonly routes: RouteTable) {}

  /** The connection of a request has closed, or its answer has left whole. @param ms since it came in */
  answered(request: Request, response: Response, ms: number): void {
    const tally = this.tallyOf(
      routeOf(request) ?? this.routes.patternOf(request.path) ?? UNMATCHED,
      request.method,
    );
    const status = response.writableFinished ? response.statusCode : ABORTED;
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    // A stream takes as long as somebody follows it: that says nothing about speed.
    if (!String(response.getHeader('Content-Type')).startsWith(EVENT_STREAM))
      tally.seconds.observe(ms / 1000);
  }

  /** How many requests were answered. */
  requests(): readonly MetricSample[] {
    return this.all().flatMap(({ labels, tally }) =>
      [...tally.statuses].map(([status, value]) => ({
        labels: { ...labels, status: String(status) },
        value,
      })),
    );
  }

  /** How long answers took, event streams aside. */
  durations(): readonly MetricDistribution[] {
    const all = this.all().map(({ labels, tally }) => ({ labels, buckets: tally.seconds }));
    return all.filter(({ buckets }) => buckets.count > 0);
  }

  /** Requests that were refused because there were too many. */
  throttled(): number {
    return this.all().reduce((sum, { tally }) => sum + (tally.statuses.get(429) ?? 0), 0);
  }

  private all(): readonly { readonly labels: MetricLabels; readonly tally: RouteTally }[] {
    return [...this.tallies].flatMap(([route, methods]) =>
      [...methods].map(([method, tally]) => ({
        labels: { method, route: route.replaceAll(/:(\w+)/g, '{$1}') },
        tally,
      })),
    );
  }

  private tallyOf(route: string, asked: string): RouteTally {
    const method = METHODS.has(asked) ? asked : 'other';
    let methods = this.tallies.get(route);
    if (methods === undefined) this.tallies.set(route, (methods = new Map<string, RouteTally>()));
    let tally = methods.get(method);
    if (tally === undefined) methods.set(method, (tally = new RouteTally()));
    return tally;
  }
}
