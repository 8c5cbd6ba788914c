import { eventText } from './event-text';

describe('the text of an event', () => {
  it('is three lines for every reader, whatever is in it', () => {
    const data = { reason: 'a\nb\r\u2028c\u2029d\u0085' };
    const text = eventText(7, 'task.failed', data);

    expect(text.split(/\r\n|[\n\r\u2028\u2029]/)).toEqual([
      'id: 7',
      'event: task.failed',
      expect.stringMatching(/^data: /),
      '',
      '',
    ]);
    expect(JSON.parse(text.split('\n')[2]?.slice('data: '.length) ?? '')).toEqual(data);
  });
});
