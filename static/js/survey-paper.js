// Slips and posters: the button that opens the printer's dialog.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});
