// @ts-check
/** Fields for a folder: suggestions from the server while one types. */

import { request } from "./api.js";

const PAUSE_MS = 120;

for (const element of document.querySelectorAll("input[data-suggest]")) {
  suggestFor(/** @type {HTMLInputElement} */ (element));
}

/** @param {HTMLInputElement} field with the `list` that is filled */
function suggestFor(field) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;
  field.addEventListener("focus", ask);
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  });

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const address = `/folders/suggestions?${new URLSearchParams({ typed: field.value })}`;
    try {
      const { folders } = await request(address, { signal: asking.signal });
      const options = folders.map((/** @type {string} */ path) => new Option("", path));
      field.list?.replaceChildren(...options);
    } catch {
      // Typing goes on without suggestions; what is typed is checked in any case.
    }
  }
}
