// <form data-near="address">: what neighbours have reported of the chosen kind, below the form's
// fields, where it pushes nothing away; a line at the button says that it is there.
export function startNear(form) {
  const place = document.getElementById("near");
  const hint = form.querySelector("[data-near-hint]");
  if (!place || !form.dataset.near || !window.fetch) return;
  let asked = "";

  const look = async () => {
    const category = form.querySelector("[name=category]:checked");
    const home = form.elements.place ? form.elements.place.value : "";
    const question = category ? `?category=${category.value}&place=${home}` : "";
    if (question === asked) return;
    asked = question;
    let found = "";
    try {
      const answer = question ? await fetch(form.dataset.near + question) : null;
      if (answer && answer.ok && !answer.redirected) found = await answer.text();
    } catch (error) {
      asked = ""; // without a connection there is nothing to show
    }
    if (asked !== question) return; // something else was chosen meanwhile
    place.innerHTML = found;
    const count = place.querySelectorAll(".near-item").length;
    hint.hidden = count === 0;
    hint.querySelector("[data-count]").textContent = count;
  };

  // Afterwards: another kind takes the choice of a category back, in a listener of its own.
  form.addEventListener("change", () => setTimeout(look));
  form.addEventListener("draft:ready", look);
}
