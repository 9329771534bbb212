// @ts-check
/** Parts of a page brought up to date without losing the place. */

/**
 * Ask for this page again and take parts of it over; what had focus keeps it.
 * @param {string[]} ids of the elements
 * @returns {Promise<boolean>} false: the page is not there any more
 */
export async function refreshRegions(...ids) {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return false;
  if (answer.redirected && new URL(answer.url).pathname !== location.pathname) history.replaceState(null, "", answer.url);
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = focusPath();
  for (const id of ids) {
    const fresh = read.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) {
      const part = document.importNode(fresh, true);
      old.replaceWith(part);
      /** @type {any} */ (window).htmx?.process(part);
    }
  }
  focused();
  return true;
}

/** @returns {() => void} what focuses the same thing again, if it is still there */
function focusPath() {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return () => undefined;
  const owner = /** @type {HTMLElement | null} */ (activeElement.closest("[id]"));
  const inner = activeElement.id ? "" : activeElement.tagName.toLowerCase() + (activeElement.dataset.do ? `[data-do="${activeElement.dataset.do}"]` : "");
  const siblings = owner?.parentElement ? [...owner.parentElement.children].indexOf(owner) : -1;
  const home = owner?.parentElement?.id;
  return () => {
    if (document.contains(activeElement)) return;
    const again = owner && document.getElementById(owner.id);
    if (again) {
      /** @type {HTMLElement | null} */ (inner ? again.querySelector(inner) : again)?.focus();
      return;
    }
    // It is gone: whatever stands in its place now.
    const list = home ? document.getElementById(home) : null;
    const next = list?.children[Math.min(siblings, list.children.length - 1)];
    /** @type {HTMLElement | null | undefined} */ (next?.querySelector("a, input, button"))?.focus();
  };
}
