// The page without a network: goes on by itself when there is one again, and says what waits.
addEventListener("online", () => location.reload());
document.querySelector("[data-reload]").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
const place = document.querySelector("[data-kept]");
const entries = await self.Outbox.all().catch(() => []);
if (entries.length > 0) {
  place.textContent = place.textContent.replace("{}", entries.length);
  place.hidden = false;
}
