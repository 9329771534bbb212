// @ts-check
/** Errors: files tried again, one or all. */

import { post, text, toast } from "./api.js";

document.getElementById("retry-all")?.addEventListener("click", (event) => {
  retry(/** @type {HTMLButtonElement} */ (event.currentTarget), null);
});
for (const button of document.querySelectorAll("button[data-retry]")) {
  button.addEventListener("click", () => {
    const own = /** @type {HTMLButtonElement} */ (button);
    retry(own, own.dataset.retry ?? "");
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {string | null} file null: all
 */
async function retry(button, file) {
  button.disabled = true;
  try {
    if (file !== null) await post("/errors/retry", { files: [file] });
    const job = await post(file === null ? "/v1/errors/retry" : "/v1/album/scans");
    toast(text("retrying"));
    document.dispatchEvent(new CustomEvent("goodside:scan", { detail: job }));
  } catch {
    button.disabled = false;
  }
}
