// Practice papers for tests, over the items and the model of the vectors that Python wrote.

import { practice } from "./vectors.js";

const { policy, model } = practice.travelling.full;
export const REFS = Object.keys(model.items);

function item(ref, n, more) {
  const { half_points: points, standard, family, domain } = model.items[ref];
  const most = Math.max(...points);
  return Object.assign({
    ref, n, interaction: "choice", max: most, content: { stem: "<p>?</p>", choices: [] },
    standard: { code: standard, title: `skill ${standard}` }, family, why: { reason: "pool", domain: { code: domain, title: domain } },
    solution: { key: { interaction: "choice", half_points: [0, most], correct: "a" }, explanation: "<p>Why</p>", hint: "<p>First</p>" },
  }, more);
}

/** A pool; `size` items are wanted of it. */
export const pool = (size = 4, refs = REFS) => ({
  v: 1, form: "f", language: "sr", purpose: "practice", title: "Вежба",
  items: refs.map((ref, i) => item(ref, i + 1, { role: "pool" })),
  practice: { kind: "full", size, mode: "pocket", policy, model: Object.assign({}, model, { n_items: 20 }) },
});

/** Three items chosen beforehand; the first two have a spare, the first two of them. */
export const fixed = () => ({
  v: 1, form: "f", language: "sr", purpose: "practice", title: "Вежба",
  items: [
    ...REFS.slice(0, 3).map((ref, i) => item(ref, i + 1, { role: "main" })),
    item(REFS[3], 4, { role: "spare", for: REFS[0] }), item(REFS[4], 5, { role: "spare", for: REFS[1] }), item(REFS[8], 6, { role: "spare", for: REFS[0] }),
  ],
  practice: { kind: "quick", size: 3, mode: "fixed", policy, model: Object.assign({}, model, { n_items: 20 }) },
});
