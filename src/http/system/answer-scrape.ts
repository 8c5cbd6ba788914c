import type { Response } from 'express';
import type { Prometheus } from './prometheus';

/** Lets Prometheus answer. Whoever hung up meanwhile, or was told that it took too long, is told nothing more. */
export async function answerScrape(prometheus: Prometheus, response: Response): Promise<void> {
  const { text, contentType } = await prometheus.expose();
  if (response.headersSent || response.destroyed) return;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-store');
  response.end(text);
}
