// @ts-check
/** Texts of the page: they stand in `data-…` of elements with class `texts`, so that one catalog holds them. */

/**
 * A text by its name.
 * @param {string} name in camel case, as in `dataset`
 * @param {Record<string, string | number>} [values] for `{name}` in it
 * @returns {string}
 */
export function text(name, values = {}) {
  for (const element of document.querySelectorAll(".texts")) {
    const found = /** @type {HTMLElement} */ (element).dataset[name];
    if (found !== undefined) {
      return found.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
    }
  }
  return name;
}
