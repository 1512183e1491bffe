// @ts-check
// Why is this item given? The first that holds, as in scoring/practice/reasons.py.

const STRETCH_BELOW = 0.4;
const BY_VERDICT = { not_yet: "weak_domain", known: "confirm_strength", shaky: "closes_gap" };

/**
 * @param {{due: boolean, met: any, anyAlike: boolean, firstStep: boolean, verdict: string, probability: number}} about
 *   `met`: how it stands with an item that was met before; `anyAlike`: nothing but chance chose
 */
export function reasonFor({ due, met, anyAlike, firstStep, verdict, probability }) {
  if (due) return "review_due";
  if (met && met.missed) return "review_missed";
  if (anyAlike) return "any";
  if (firstStep) return "first_step";
  if (probability < STRETCH_BELOW && (verdict === "known" || verdict === "shaky")) return "stretch";
  return BY_VERDICT[verdict] || "find_out";
}
