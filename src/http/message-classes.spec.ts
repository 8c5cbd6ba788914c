import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { messageClassesOf } from './message-classes';

const shared = { request: { header: () => 'of every application' }, response: { send: () => 'sent' } };

function application(): { request: object; response: object } {
  return {
    request: Object.create(shared.request, { app: { value: 'this one', configurable: true } }) as object,
    response: Object.create(shared.response, { app: { value: 'this one', configurable: true } }) as object,
  };
}

describe('messageClassesOf', () => {
  it('makes messages that have the application’s prototype from the start', () => {
    const express = application();
    const classes = messageClassesOf(express);
    const request = new classes.IncomingMessage(new Socket());
    expect(Object.getPrototypeOf(request)).toBe(express.request);
    expect(Object.getPrototypeOf(new classes.ServerResponse(request))).toBe(express.response);
    expect(request).toBeInstanceOf(IncomingMessage);
    expect(new classes.ServerResponse(request)).toBeInstanceOf(ServerResponse);
  });

  it('gives them what every application has, and what this one has', () => {
    const { IncomingMessage: Request } = messageClassesOf(application());
    const request = new Request(new Socket()) as unknown as { app: string; header: () => string };
    expect([request.app, request.header()]).toEqual(['this one', 'of every application']);
  });

  it('keeps applications apart', () => {
    expect(messageClassesOf(application()).IncomingMessage).not.toBe(
      messageClassesOf(application()).IncomingMessage,
    );
  });
});
