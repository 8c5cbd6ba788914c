type Swagger = typeof import('@nestjs/swagger');
type Decorator = ClassDecorator | PropertyDecorator | MethodDecorator;
type Target = readonly [target: object, name?: string | symbol, descriptor?: PropertyDescriptor];

const pending: ((swagger: Swagger) => void)[] = [];

/**
 * Documents a class, a field or a route with decorators of `@nestjs/swagger`, which are not made before somebody asks
 * for the documentation: the package is a tenth of the memory of a service that nobody asks.
 */
export function Documented(decorators: (swagger: Swagger) => readonly Decorator[]) {
  return (...target: Target): void => {
    pending.push((swagger) => {
      for (const decorate of decorators(swagger)) (decorate as (...target: Target) => void)(...target);
    });
  };
}

/** Loads the package and makes every decorator that waits for it. */
export async function loadSwagger(): Promise<Swagger> {
  const swagger = await import('@nestjs/swagger');
  // One that fails is made at the next time, and so are those behind it.
  for (let next = pending[0]; next !== undefined; next = pending[0]) {
    next(swagger);
    pending.shift();
  }
  return swagger;
}
