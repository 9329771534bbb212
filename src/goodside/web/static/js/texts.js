// @ts-check
/**
 * What scripts say, in the page's language: the same catalog as the templates.
 *
 * English is the source and needs no catalog; for another language it is fetched once, before the
 * modules that import this one run.
 */

const language = document.documentElement.lang || "en";

/** @type {Record<string, string | string[]>} */
const catalog = language === "en" ? {} : await load(language);

/**
 * @param {string} tag
 * @returns {Promise<Record<string, string | string[]>>}
 */
async function load(tag) {
  const answer = await fetch(`/texts/${encodeURIComponent(tag)}.json`);
  return answer.ok ? await answer.json() : {};
}

/**
 * A message in the page's language.
 *
 * @param {string} message English, with `{name}` where a value goes.
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function gettext(message, values = {}) {
  const found = catalog[message];
  return fill(typeof found === "string" ? found : message, values);
}

/**
 * A message that depends on a number.
 *
 * @param {string} singular English, for 1.
 * @param {string} plural English, for any other number; `{n}` where it goes.
 * @param {number} n
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function ngettext(singular, plural, n, values = {}) {
  const forms = catalog[singular];
  const plain = n === 1 ? singular : plural;
  const text = Array.isArray(forms) ? forms[formOf(n, forms.length)] : plain;
  return fill(text ?? plain, { n: number(n), ...values });
}

/**
 * A number as the page's language writes it.
 *
 * @param {number} value
 * @param {number} [digits] after the point.
 * @returns {string}
 */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/**
 * Which of a catalog's plural forms a number takes: those of CLDR in gettext's order.
 *
 * @param {number} n
 * @param {number} count how many forms the language has.
 * @returns {number}
 */
function formOf(n, count) {
  const order = ["one", "two", "few", "many", "other"];
  const rules = new Intl.PluralRules(language);
  const used = order.filter((name) => rules.resolvedOptions().pluralCategories.includes(/** @type {Intl.LDMLPluralRule} */ (name)));
  return Math.min(Math.max(used.indexOf(rules.select(n)), 0), count - 1);
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export { gettext as _ };
