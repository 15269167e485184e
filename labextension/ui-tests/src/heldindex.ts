import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A package index that answers nobody until it is let: an installer waits for it, at work. */
export class HeldIndex {
  private constructor(
    private readonly server: Server,
    private readonly letGo: () => void
  ) {}

  static async open(): Promise<HeldIndex> {
    let letGo = (): void => undefined;
    const free = new Promise<void>(resolve => {
      letGo = resolve;
    });
    const server = createServer((_, response) => {
      void free.then(() => response.setHeader('Content-Type', 'text/html').end());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new HeldIndex(server, letGo);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Answer everybody, with an empty page. */
  release(): void {
    this.letGo();
    this.server.close();
  }
}
