// [data-install]: a quiet line that offers the home screen where the browser can; never a pop-up.
export function startInstall() {
  const place = document.querySelector("[data-install]");
  if (!place) return;
  let offer = null;
  const isApp = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  place.hidden = Boolean(isApp);
  const button = place.querySelector("button");
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  button.addEventListener("click", async () => {
    if (!offer) return;
    offer.prompt();
    await offer.userChoice;
    button.hidden = true;
  });
}
