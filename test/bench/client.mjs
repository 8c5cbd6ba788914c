import { Agent, request } from 'node:http';

/** Asks a server over a few connections that stay open; what comes on top waits for one of them. */
export class Client {
  #agent;

  /** @param {{ url: string, headers: object }} server @param {number} connections */
  constructor(server, connections) {
    this.server = server;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns {Promise<string>} the answer's body @throws when it is no success */
  send(method, path, body) {
    const { url, headers } = this.server;
    return new Promise((resolve, reject) => {
      const sent = request(url + path, { method, agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode < 300) resolve(text);
          else reject(new Error(`${method} was answered ${response.statusCode}`, { cause: { path, text } }));
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The envelope's content. */
  async ask(method, path, body) {
    return JSON.parse(await this.send(method, path, body)).data;
  }

  close() {
    this.#agent.destroy();
  }
}
