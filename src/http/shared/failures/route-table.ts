interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly segments: readonly string[];
}

/** Which methods each path takes, as the routes were registered: to tell a wrong method from an unknown path. */
export class RouteTable {
  private readonly routes: Route[] = [];

  add(method: string, path: string): void {
    this.routes.push({ method, pattern: path, segments: segmentsOf(path) });
  }

  /** Every route: `GET /api/v1/tasks/:task_id`. */
  get all(): readonly string[] {
    return this.routes.map(({ method, pattern }) => `${method} ${pattern}`);
  }

  /** The methods of a path, in any spelling under which the router would find it; none when it is unknown. */
  methodsOf(path: string): readonly string[] {
    return [...new Set(this.found(path).map(({ method }) => method))];
  }

  /** The pattern that a path belongs to, whatever the method; undefined when it is unknown. */
  patternOf(path: string): string | undefined {
    return this.found(path)[0]?.pattern;
  }

  private found(path: string): readonly Route[] {
    const asked = segmentsOf(path);
    // `/tasks/next` is no task called "next": only where no route has the literal does a parameter count.
    const exact = this.routes.filter(({ segments }) => matches(segments, asked, isSame));
    return exact.length > 0 ? exact : this.routes.filter(({ segments }) => matches(segments, asked, takes));
  }
}

function segmentsOf(path: string): string[] {
  return path.toLowerCase().replace(/\/$/, '').split('/');
}

function matches(
  pattern: readonly string[],
  asked: readonly string[],
  meets: (segment: string, asked: string) => boolean,
): boolean {
  return (
    pattern.length === asked.length && pattern.every((segment, index) => meets(segment, asked[index] ?? ''))
  );
}

function isSame(segment: string, asked: string): boolean {
  return segment === asked;
}

function takes(segment: string, asked: string): boolean {
  return segment.startsWith(':') ? asked !== '' : segment === asked;
}
