// Which questions are asked, while somebody answers. The server decides when it is sent; this only
// saves a journey.
const AMOUNTS = ["at_least", "at_most"];

export const questions = (form) => Array.from(form.querySelectorAll("[data-question]"));

// What a question says now: a text, a list of choices, or nothing.
export function said(question) {
  const fields = Array.from(question.querySelectorAll("input, select, textarea"));
  const given = [];
  for (const field of fields) {
    if (field.type === "hidden" || field.type === "file") continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.value.trim()) given.push(field.value.trim());
  }
  if (question.querySelector("[data-photo-kept]")) given.push("photo");
  return given;
}

// A matrix or a ranking is answered when every line is. Whoever says that they cannot say has
// chosen that; nothing is chosen for them.
export function isAnswered(question) {
  const lines = question.querySelectorAll(".matrix-row, .rank").length;
  const passed = question.querySelectorAll(".no-answer input:checked").length;
  return said(question).length + passed >= Math.max(lines, 1);
}

function meets(condition, heard) {
  const given = heard.get(condition.question) || [];
  if (!given.length) return false;
  if (AMOUNTS.includes(condition.test)) {
    // As the server reads it: digits and commas of full width are typed on Chinese keyboards.
    const number = Number(given[0].normalize("NFKC").replace(/,/g, ""));
    if (Number.isNaN(number)) return false;
    return condition.test === "at_least" ? number >= condition.amount : number <= condition.amount;
  }
  if (condition.test === "answered") return true;
  const chosen = given.some((each) => condition.choices.includes(each));
  return condition.test === "any_of" ? chosen : !chosen;
}

// Show what is asked and hide the rest; what is hidden is not sent.
export function follow(form) {
  const heard = new Map();
  for (const question of questions(form)) {
    const conditions = JSON.parse(question.dataset.conditions || "[]");
    const asked = conditions.every((each) => meets(each, heard));
    question.hidden = !asked;
    question.disabled = !asked;
    if (asked) heard.set(question.dataset.question, said(question));
  }
  for (const part of form.querySelectorAll("[data-part]")) {
    part.hidden = !part.querySelector("[data-question]:not([hidden])");
  }
}
