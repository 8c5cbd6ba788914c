import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * One kept-alive connection of HTTP/1.1, one request at a time. Node's own clients cost more for a request than some of
 * the servers that are measured here, on the same two cores.
 */
export class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #answer = null;

  static async open(port) {
    const connection = new Connection();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    connection.#socket = socket;
    socket.on('data', (bytes) => connection.#take(bytes));
    socket.on('error', (error) => connection.#answer?.reject(error));
    socket.on('close', () => connection.#answer?.reject(new Error('the server closed a connection')));
    return connection;
  }

  /** @returns {Promise<{ status: number, body: string }>} */
  send(method, path, headers, body = '') {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      const length = body === '' && method === 'GET' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
      this.#socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}${length}\r\n${body}`);
    });
  }

  close() {
    this.#answer = null;
    this.#socket.destroy();
  }

  #take(bytes) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#answer?.reject(new Error(`an answer without its length: ${head.split('\r\n', 1)[0]}`));
      return;
    }
    const whole = end + 4 + Number(length);
    if (this.#received.length < whole) return;
    const body = this.#received.toString('utf8', end + 4, whole);
    this.#received = this.#received.subarray(whole);
    const answer = this.#answer;
    this.#answer = null;
    answer?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}

/** So many connections, of which each caller takes one for a request. */
export class Connections {
  #free = [];

  static async open(port, count) {
    const connections = new Connections();
    for (let index = 0; index < count; index += 1) connections.#free.push(await Connection.open(port));
    return connections;
  }

  /** @returns {Promise<unknown>} what the answer says in JSON */
  async ask(method, path, headers, body) {
    const connection = this.#free.pop();
    if (connection === undefined) throw new Error('more requests at once than connections');
    const { status, body: text } = await connection.send(method, path, headers, body);
    this.#free.push(connection);
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  }

  close() {
    for (const connection of this.#free) connection.close();
  }
}
