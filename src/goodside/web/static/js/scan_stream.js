// @ts-check
/**
 * What the service tells of a scan while it goes on: one stream for all tabs of the browser.
 *
 * A browser opens six connections to a service, and each stream keeps one: with a stream a tab, six tabs would
 * leave none for pages and pictures. So the tab that holds a lock reads the stream and passes on what comes;
 * when it is closed, the next one does. Where the browser has no locks, as on a page without encryption from
 * another computer, a tab reads its own stream while it is seen.
 */

/** @typedef {{ progress: (scan: any) => void, failure: (failure: any) => void, done: (scan: any) => void }} Told */
/** @typedef {{ scan: number, kind: "progress" | "failure" | "done", data: any }} Message */

const NAME = "goodside-scan";

/** Follows one scan until it is over or `close` is called. */
export class ScanStream {
  /** @type {EventSource | null} */
  #source = null;
  #closing = new AbortController();
  #channel = new BroadcastChannel(NAME);

  /**
   * @param {string} address of the scan
   * @param {number} scan its number
   * @param {Told} told
   */
  constructor(address, scan, told) {
    this.address = address;
    this.scan = scan;
    this.told = told;
    this.#channel.addEventListener("message", (event) => this.#tell(event.data));
    if (navigator.locks) {
      navigator.locks.request(NAME, { signal: this.#closing.signal }, () => this.#read()).catch(() => undefined);
    } else {
      this.#readWhileSeen();
      document.addEventListener("visibilitychange", () => this.#readWhileSeen(), { signal: this.#closing.signal });
    }
  }

  /** Tell nothing more, and let another tab read the stream. */
  close() {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#source?.close();
    this.#channel.close();
  }

  /** @returns {Promise<void>} settled once this tab reads it no more */
  #read() {
    return new Promise((resolve) => {
      if (this.#closing.signal.aborted) {
        resolve();
        return;
      }
      this.#closing.signal.addEventListener("abort", () => resolve());
      const source = new EventSource(`${this.address}/events`);
      this.#source = source;
      const listen = (/** @type {string} */ name, /** @type {Message["kind"]} */ kind) =>
        source.addEventListener(name, (event) => {
          if (!(event instanceof MessageEvent)) return; // the connection's own error; it is tried again
          const message = { scan: this.scan, kind, data: JSON.parse(event.data) };
          this.#channel.postMessage(message);
          this.#tell(message);
        });
      listen("progress", "progress");
      listen("error", "failure");
      listen("done", "done");
    });
  }

  #readWhileSeen() {
    this.#source?.close();
    this.#source = null;
    if (!document.hidden) this.#read();
  }

  /** @param {Message} message */
  #tell({ scan, kind, data }) {
    if (scan !== this.scan || this.#closing.signal.aborted) return;
    if (kind === "done") this.close();
    this.told[kind](data);
  }
}
