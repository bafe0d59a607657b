// Keeps the figures of a round fresh: asks for them every ten seconds and puts in what has changed.
const SECONDS = 10;
const live = document.getElementById("live");
const age = document.getElementById("age");
const said = document.getElementById("said");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Stockholm",
});
let tag = "";
let freshAt = clock.format(new Date());

async function renew() {
  if (document.hidden) return;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const reply = await fetch(live.dataset.source, { headers, credentials: "same-origin", redirect: "manual" });
    if (reply.type === "opaqueredirect") return location.reload(); // signed out meanwhile: the server says the rest
    if (!reply.ok && reply.status !== 304) throw new Error(`status ${reply.status}`);
    if (reply.status === 200) {
      show(new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("figures"));
      tag = reply.headers.get("ETag") ?? "";
    }
    freshAt = clock.format(new Date());
    tellAge(age.dataset.fresh);
  } catch {
    tellAge(age.dataset.stale);
  }
}

// Where the same places are shown as before, only those that differ are replaced, so that nobody loses their place.
function show(fresh) {
  const old = document.getElementById("figures");
  const before = [...old.querySelectorAll("[data-of]")];
  const after = [...fresh.querySelectorAll("[data-of]")];
  if (old.dataset.said !== fresh.dataset.said) said.textContent = fresh.dataset.said;
  old.dataset.said = fresh.dataset.said;
  if (before.length !== after.length || before.some((node, place) => node.dataset.of !== after[place].dataset.of)) {
    old.replaceWith(fresh);
    return;
  }
  before.forEach((node, place) => {
    if (!node.isEqualNode(after[place])) node.replaceWith(after[place]);
  });
}

function tellAge(text) {
  const told = text.replace("{time}", freshAt);
  if (age.textContent !== told) age.textContent = told;
}

setInterval(renew, SECONDS * 1000);
document.addEventListener("visibilitychange", renew);
