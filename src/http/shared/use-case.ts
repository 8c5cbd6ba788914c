import type { Abstract, FactoryProvider } from '@nestjs/common';

/** Offers a use case, made from the ports and use cases that its constructor takes, in its order. */
export function useCase<Ports extends unknown[], UseCase>(
  Made: new (...ports: Ports) => UseCase,
  inject: { readonly [Index in keyof Ports]: Abstract<Ports[Index]> },
): FactoryProvider<UseCase> {
  return { provide: Made, inject: [...inject], useFactory: (...ports: Ports) => new Made(...ports) };
}
