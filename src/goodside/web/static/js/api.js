// @ts-check
/** What every page's modules share: writes to `/v1`, messages, keys, texts. */

import { onKey } from "./keys.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

export { onKey, text, toast };

/** A request that was refused. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {{ status: number, remedy?: string, retryAfter_s?: number }} about status 0: no answer at all
   */
  constructor(message, about) {
    super(message);
    this.status = about.status;
    this.remedy = about.remedy;
    this.retryAfter_s = about.retryAfter_s;
  }

  /** Whether the same request may do later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}

/** @param {string} name @returns {string} the content of a `<meta>` */
function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

/** Whether the service takes no decisions. @returns {boolean} */
export function isReadOnly() {
  return meta("read-only") === "yes";
}

/**
 * Ask for something and read the JSON that comes.
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 * @throws {Refused}
 */
export async function request(url, init = {}) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Refused(text("offline"), { status: 0 });
  }
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const body = isJson ? await answer.json() : await answer.text();
  if (answer.ok) return body;
  const wait = Number(answer.headers.get("retry-after"));
  throw new Refused((isJson && (body.detail || body.title)) || text("refused"), {
    status: answer.status,
    remedy: isJson ? body.remedy : undefined,
    retryAfter_s: Number.isFinite(wait) && wait > 0 ? wait : undefined,
  });
}

/**
 * Send a write without saying anything to the person.
 * @param {string} url
 * @param {object | null} body sent as JSON
 * @param {{ method?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 * @throws {Refused}
 */
export function send(url, body, options = {}) {
  return request(url, {
    method: options.method ?? "POST",
    headers: { "content-type": "application/json", "x-csrf-token": meta("csrf-token") },
    body: body === null ? undefined : JSON.stringify(body),
    signal: options.signal,
  });
}

/**
 * Send a write; a problem is shown as a message and thrown on.
 * @param {string} url
 * @param {object | null} [body] sent as JSON
 * @param {{ method?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 * @throws {Refused}
 */
export async function post(url, body = {}, options = {}) {
  try {
    return await send(url, body, options);
  } catch (error) {
    showProblem(error);
    throw error;
  }
}

/**
 * Show what went wrong.
 * @param {unknown} error
 */
export function showProblem(error) {
  if (error instanceof Refused) toast(error.message, { error: true, remedy: error.remedy });
  else toast(String(error), { error: true });
}

/** Undo the last decision of the journal; says what it was. @returns {Promise<any>} */
export async function undo() {
  const answer = await post("/v1/journal/undo", { count: 1 });
  toast(answer.message);
  return answer;
}
