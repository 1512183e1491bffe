// @ts-check
// Can this browser draw formulas? Chrome before 109 shows the signs of a MathML element in a row, so that three fifths
// would read 35. There every formula gives way to the plain text that it carries for those who cannot see it.
//
//   <script type="module" src="…/exams/js/formulas.js"></script> for the formulas of an ordinary page

/** Asked of the language, not of the layout, so that it can be answered before anything is drawn. */
export const drawsFormulas = () => typeof MathMLElement !== "undefined";

/** @param {Element} root compiled text, already in the reader's script */
export function readFormulas(root) {
  if (drawsFormulas()) return;
  Array.from(root.querySelectorAll("math")).forEach((formula) => {
    const line = document.createElement("span");
    line.className = "formula";
    line.textContent = formula.getAttribute("alttext") || formula.textContent;
    formula.replaceWith(line);
  });
}

if (typeof document !== "undefined" && document.body) readFormulas(document.body);
