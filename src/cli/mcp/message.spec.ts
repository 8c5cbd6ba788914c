import { errorTo, headersOf, messageIn, messagesIn } from './message';

const VERSION = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const ACCEPT = { Accept: 'application/json, text/event-stream' };

describe('messageIn', () => {
  it('reads a message, and gives null for what is none', () => {
    expect(messageIn('{"id":1,"method":"ping"}')).toEqual({ id: 1, method: 'ping' });
    expect(['{', '7', 'null', '', '[{}]'].map(messageIn)).toEqual([null, null, null, null, null]);
  });
});

describe('messagesIn', () => {
  it('reads the message of a line, or those of a batch, and tells what is none from what is no JSON', () => {
    expect(messagesIn('{"id":1}')).toEqual([{ id: 1 }]);
    expect(messagesIn('[{"id":1},7,[],{"id":2}]')).toEqual([{ id: 1 }, null, null, { id: 2 }]);
    expect(['[]', '7', 'null'].map(messagesIn)).toEqual([[null], [null], [null]]);
    expect(['{', ''].map(messagesIn)).toEqual([null, null]);
  });
});

describe('headersOf', () => {
  it.each([
    ['tools/call', { name: 'task_get' }, 'task_get'],
    ['prompts/get', { name: 'work_loop' }, 'work_loop'],
    ['resources/read', { uri: 'queue://status' }, 'queue://status'],
    ['tasks/get', { taskId: 'an-id' }, 'an-id'],
    ['tasks/update', { taskId: 'an-id' }, 'an-id'],
    ['tasks/cancel', { taskId: 'an-id' }, 'an-id'],
  ])('repeats what %s is about', (method, params, name) => {
    expect(headersOf({ method, params: { ...params, _meta: VERSION } }, null)).toEqual({
      ...ACCEPT,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      'Mcp-Name': name,
    });
  });

  it('names nothing where there is nothing to name', () => {
    const headers = headersOf({ method: 'tools/list', params: { _meta: VERSION } }, null);
    expect(headers).not.toHaveProperty('Mcp-Name');
    expect(headersOf({ method: 'tools/call', params: { name: 7, _meta: VERSION } }, null)).not.toHaveProperty(
      'Mcp-Name',
    );
  });

  it.each(['任务', 'with\nbreak', ' blank', 'blank ', '=?base64?eA==?=', ''])(
    'encodes the name %j',
    (name) => {
      const { 'Mcp-Name': sent = '' } = headersOf(
        { method: 'tools/call', params: { name, _meta: VERSION } },
        null,
      );
      const [, encoded = ''] = /^=\?base64\?([^?]*)\?=$/.exec(sent) ?? [];

      expect(Buffer.from(encoded, 'base64').toString()).toBe(name);
    },
  );

  it('tells of an older client only the version that was agreed on', () => {
    expect(headersOf({ method: 'tools/call', params: { name: 'x' } }, null)).toEqual(ACCEPT);
    expect(headersOf({ method: 'tools/call', params: { name: 'x' } }, '2025-06-18')).toEqual({
      ...ACCEPT,
      'MCP-Protocol-Version': '2025-06-18',
    });
  });
});

describe('errorTo', () => {
  it('answers the message that it is about', () => {
    expect(errorTo({ id: 'a' }, -32_000, 'gone', { more: 1 })).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      error: { code: -32_000, message: 'gone', data: { more: 1 } },
    });
    expect(errorTo({}, -32_700, 'what?')).toMatchObject({ id: null });
  });
});
