// @ts-check
// Is a response to an item of several parts complete, or were some parts left empty?

/** Ids of the parts that each want something; none where the response is one whole. @param {Item} item  @returns {string[]} */
function partsOf({ interaction, content }) {
  if (interaction === "text_entry") return content.fields.map((field) => field.id);
  if (interaction === "true_false") return content.statements.map((statement) => statement.id);
  if (interaction === "match") return content.rows.map((row) => row.id);
  return interaction === "cloze" ? Object.keys(content.gaps) : [];
}

/** @param {Item} item  @param {any} value as the state has it: blank parts are not in it */
export const isPartial = (item, value) => value !== undefined && partsOf(item).some((part) => !(part in value));

/** Of the items shown, those answered only in part. @param {Player} player  @param {Paper | null} paper */
export function partial({ state }, paper) {
  const items = paper ? paper.items : [];
  return state.refs.filter((ref) => items.some((item) => item.ref === ref && isPartial(item, state.responses[ref])));
}
