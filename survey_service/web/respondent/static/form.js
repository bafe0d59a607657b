// Shows the form one step at a time and sends it without losing an answer. Where it fails the page works as it stands.
// What it adds to the page, words and all, stands in <template id="parts">. Nothing that a child answers is kept.
// Questions may be called "reset" or "action", so no property of the form with such a name is safe to use.

const DRAFT = `draft ${location.pathname.replace(/\/thanks$/, "")}`;
const DRAFT_LIVES = 24 * 60 * 60 * 1000;
const BETWEEN_TRIES = 15000;
const GIVE_UP_AFTER = 60000;

let form; // the form on the page; null without one, or where the page was left as it stands
let parts, steps, nav, at, address, title, keepsDraft;
let added = [];
let touched = false; // by somebody, and not only by a browser that remembers
let sending = false;
let tried = false; // to send, without hearing how it went
let waiting; // for the network
let resting;
let reading;

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within) => all(selector, within)[0];
const text = (node) => node.textContent.replace(/\s+/g, " ").trim();

function part(name, values = {}) {
  const made = one(`[data-part=${name}]`, parts)?.cloneNode(true);
  for (const node of made ? [made, ...all("*", made)] : []) {
    for (const child of node.childNodes) {
      child.data &&= child.data.replace(/{(\w+)}/g, (whole, key) => values[key] ?? whole);
    }
  }
  return made;
}

function add(node, place, where) {
  if (!node) return;
  place[where](node);
  added.push(node);
}

// Set-up

function begin(step, answers) {
  address = location.href.split("#")[0];
  form = one("#answers");
  if (!form) return leaveThanks();
  try {
    setUp(answers);
    show(step ?? remembered());
    form.classList.add("stepped");
  } catch (error) {
    leaveAsItStands();
    console.error(error);
  }
}

function setUp(answers) {
  // Without this an old browser could not tell another language from sending.
  if (!("submitter" in SubmitEvent.prototype)) throw Error("too old a browser");
  parts = one("#parts").content;
  steps = all("[data-step]", form);
  keepsDraft = form.hasAttribute("data-keeps-draft");
  title = document.title;
  restore(answers);
  nav = part("nav");
  add(part("progress"), steps[0], "before");
  add(nav, steps[steps.length - 1], "after");
  one("[data-back]", nav).addEventListener("click", () => (history.state?.inside ? history.back() : show(next(-1))));
  one("[data-next]", nav).addEventListener("click", goOn);
  add(part("draft"), steps[0], "append");
  all("[data-clear]").forEach((button) => button.addEventListener("click", startAnew));
  all("textarea[maxlength]", form).forEach(countDown);
  add(part("idle"), form, "after");
  one("[data-continue]")?.addEventListener("click", () => one("dialog").close());
  one("[data-new]")?.addEventListener("click", startAnew);
  offerReading();
  form.addEventListener("input", () => (ask(), keep()));
  form.addEventListener("submit", submitted);
  rest();
}

function leaveAsItStands() {
  if (!form) return;
  added.forEach((node) => node.remove());
  all("[data-step], [data-when], h1").forEach((node) => (node.hidden = node.disabled = false));
  form.classList.remove("stepped");
  waitNoMore();
  form = null;
}

// Answers: those that the server put there, and over them a grown-up's draft, or what was there before the page changed

const fields = (within) => all("[name]:not([type=hidden])", within);
const ticks = (field) => /radio|checkbox/.test(field.type);
const given = (within) => fields(within).filter((field) => (ticks(field) ? field.checked : field.value));
const answers = () => given(form).map((field) => [field.name, field.value]);

function restore(known = draft()?.answers) {
  reset();
  for (const field of known ? fields(form) : []) {
    const own = known.filter(([name]) => name === field.name).map(([, value]) => value);
    if (ticks(field)) field.checked = own.includes(field.value);
    else field.value = own[0] ?? "";
  }
  ask();
}

function ask() {
  for (const question of all("[data-when]", form)) {
    const values = new FormData(form).getAll(question.dataset.when);
    question.hidden = question.disabled = !question.dataset.values.split(" ").some((value) => values.includes(value));
  }
}

function stored(act) {
  try {
    return act(sessionStorage);
  } catch {} // a browser may forbid it
}

function draft() {
  const kept = keepsDraft && stored((storage) => JSON.parse(storage.getItem(DRAFT)));
  if (Date.now() - kept?.time < DRAFT_LIVES) return kept;
  forget();
}

function keep() {
  // With the token where answers may have arrived though the reply did not: then they are not counted twice.
  const token = tried ? one("[name=_token]", form).value : "";
  const kept = { time: Date.now(), step: at, token, answers: answers() };
  if (keepsDraft) stored((storage) => storage.setItem(DRAFT, JSON.stringify(kept)));
}

const forget = () => stored((storage) => storage.removeItem(DRAFT));
const reset = () => HTMLFormElement.prototype.reset.call(form);

function startAnew() {
  forget();
  touched = false;
  location.replace(address);
}

function remembered() {
  const kept = draft();
  if (kept) {
    if ((tried = !!kept.token)) one("[name=_token]", form).value = kept.token;
    return history.state?.step ?? kept.step;
  }
  history.replaceState(null, "");
  return +form.getAttribute("data-start-step") || 0;
}

// Steps

const last = () => steps.length - 1;

function passedOver(step) {
  const own = all("[data-kind]", steps[step]);
  return own.length > 0 && own.every((question) => question.hidden);
}

function next(by) {
  let step = at + by;
  while (passedOver(step)) step += by;
  return step;
}

function show(step) {
  at = Math.min(Math.max(step, 0), last());
  while (passedOver(at)) at--;
  if (history.state?.step !== at) history.replaceState({ ...history.state, step: at }, "", address);
  steps.forEach((node, place) => (node.hidden = place !== at));
  one("h1").hidden = at > 0;
  const heading = one(at ? "h2" : "h1", at ? steps[at] : document);
  heading.tabIndex = -1;
  if (at) heading.setAttribute("aria-level", 1);
  document.title = at ? `${heading.lastChild.data?.trim() || text(heading)} – ${title}` : title;
  one("[data-back]", nav).hidden = !at;
  const forward = one("[data-next]", nav);
  forward.hidden = at === last();
  forward.textContent = forward.getAttribute(history.state?.review ? "data-review" : at ? "data-next" : "data-begin");
  all("progress").forEach((bar) => Object.assign(bar, { max: last(), value: at, hidden: !at }));
  all("[name=_step]", form).forEach((field) => (field.value = at));
  waitNoMore();
  say();
  hush();
  if (at === last()) review();
  return heading;
}

function arrive(heading) {
  scrollTo({ top: 0, behavior: "instant" });
  heading.focus({ preventScroll: true });
}

function go(step, review) {
  try {
    history.pushState({ step, review, inside: true }, "", address);
  } catch {} // browsers bound how often
  arrive(show(step));
  keep();
}

function goOn() {
  if (!mended(steps[at])) return;
  go(history.state?.review ? last() : next(1));
}

function goTo(id) {
  const question = document.getElementById(id);
  const step = steps.findIndex((node) => node.contains(question));
  if (step !== at) go(step, at === last());
  question.tabIndex = -1;
  question.focus();
}

// What is wrong, left out, or chosen

function mended(within) {
  const field = one("input:invalid", within);
  if (!field) return true;
  all("[data-part=number]", within).forEach((node) => node.remove());
  field.after(part("number", { lowest: field.min, highest: field.max }));
  field.setAttribute("aria-invalid", true);
  field.focus();
}

function countDown(area) {
  const left = one("[data-left]", area.parentNode);
  const count = () => left.replaceChildren(part("left", { number: area.maxLength - area.value.length }));
  left.hidden = false;
  area.addEventListener("input", count);
  count();
}

const asked = () => all("fieldset[data-kind]", form).filter((question) => !question.hidden);
const questionText = (question) => said(one("legend", question));

function chosen(question) {
  const words = (field) =>
    ticks(field) ? text(one("span, bdi", field.parentNode)) : field.selectedOptions?.[0].text ?? field.value;
  return given(question).map(words).join(", ");
}

function said(node) {
  const copy = node.cloneNode(true);
  all("small, svg, button", copy).forEach((other) => other.remove());
  return text(copy);
}

function review() {
  all("[data-part=skipped], [data-part=summary]", form).forEach((node) => node.remove());
  // A question left without words of one's own is not skipped.
  const skipped = asked().filter((question) => question.dataset.kind !== "text" && !chosen(question));
  list("summary", asked());
  if (skipped.length) list("skipped", skipped);
}

function list(name, questions) {
  const made = part(name, { number: questions.length });
  if (!made) return;
  const item = one("li", made);
  for (const question of questions) {
    const line = item.cloneNode(true);
    const link = one("a", line);
    const answer = one("[data-answer]", line);
    link.href = `#${question.id}`;
    one("[data-question]", line).textContent = questionText(question);
    if (answer) answer.textContent = chosen(question) || text(answer);
    if (answer) link.setAttribute("aria-label", `${text(link)}: ${questionText(question)}`);
    item.before(line);
  }
  item.remove();
  all("h2", steps[at])[0].after(made);
}

// Sending

function submitted(event) {
  if (!form) return;
  event.preventDefault();
  const button = event.submitter?.name ? event.submitter : null;
  if (!button) {
    const wrong = one("input:invalid", form);
    if (wrong) return goTo(wrong.closest("fieldset").id), mended(wrong.closest("fieldset"));
    say("sending");
  }
  post(button);
}

function waitNoMore() {
  clearTimeout(waiting);
  waiting = null;
}

async function post(button) {
  if (sending) return;
  const body = new URLSearchParams(new FormData(form));
  if (button) body.append(button.name, button.value);
  else keep((tried = true));
  sending = true;
  let reply, page;
  try {
    reply = await fetch(button ? button.formAction : address, {
      method: "POST",
      body,
      headers: { Prefer: "return=representation" },
      signal: AbortSignal.timeout?.(GIVE_UP_AFTER),
    });
    page = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    return noContact(button);
  } finally {
    sending = false;
  }
  take(page, reply.url);
}

function noContact(button) {
  if (button) return say("not_now");
  if (!one("[data-part=offline]", nav)) say("offline");
  clearTimeout(waiting);
  waiting = setTimeout(post, BETWEEN_TRIES);
}

function take(page, url) {
  waitNoMore();
  if (one("[data-sent]", page)) {
    touched = false;
    history.replaceState(null, "", url.replace(/\/?(\/thanks)?(\?|$)/, "/thanks$2"));
    put(page);
  } else if (one("#answers", page)) {
    history.replaceState(history.state, "", url);
    put(page, at, answers());
    keep();
  } else {
    say("refused", all("main h1, main p:not(.place)", page).map(text));
  }
}

function put(page, step, given) {
  for (const name of ["lang", "dir"]) document.documentElement[name] = page.documentElement[name];
  document.title = page.title;
  document.body.replaceWith(page.body);
  added = [];
  begin(step, given);
  const first = one("[autofocus]") || one("h1:not([hidden]), .step:not([hidden]) h2");
  first.tabIndex = -1;
  arrive(first);
}

function say(name, lines = []) {
  const notice = one("[role=alert]", nav);
  const made = name ? [part(name)] : [];
  lines.forEach((line) => made[0].append(Object.assign(document.createElement("p"), { textContent: line })));
  notice.replaceChildren(...made);
  if (name) notice.scrollIntoView({ block: "nearest" });
}

// Reading aloud, only with a recording or with a voice that lives in this device and speaks the page's language

const speech = window.speechSynthesis;
const primary = (tag) => tag.split(/[-_]/)[0].toLowerCase();
const voice = () =>
  speech?.getVoices().find(({ localService, lang }) => localService && primary(lang) === primary(document.documentElement.lang));

function offerReading() {
  for (const question of form ? all("[data-kind]", form) : []) {
    if (one("[data-part=aloud]", question) || !(question.dataset.audio || voice())) continue;
    const button = part("aloud");
    if (!button) return;
    button.addEventListener("click", () => (button === reading?.button ? hush() : read(question, button)));
    const legend = one("legend", question);
    add(button, legend || question, legend ? "after" : "prepend");
  }
}

function read(question, button) {
  hush();
  const sound = question.dataset.audio && new Audio(question.dataset.audio);
  const own = (reading = { button, sound });
  const ended = () => reading === own && hush();
  button.setAttribute("aria-pressed", true);
  if (sound) return (sound.onended = ended), sound.play().catch(ended);
  own.lines = all("legend, p, label", question).map((node) => new SpeechSynthesisUtterance(said(node)));
  own.lines.forEach((line) => (Object.assign(line, { voice: voice(), lang: voice().lang }), speech.speak(line)));
  own.lines[own.lines.length - 1].onend = ended;
}

function hush() {
  if (!reading) return;
  reading.button.setAttribute("aria-pressed", false);
  reading.sound?.pause();
  reading = null;
  speech?.cancel();
}

// A shared device in kiosk mode: it covers what was left there, and goes back to the start after thanks

function rest() {
  clearTimeout(resting);
  const dialog = form && one("dialog[data-minutes]");
  if (dialog) resting = setTimeout(() => !dialog.open && (at || answers().length) && dialog.showModal(), dialog.dataset.minutes * 60000);
}

function leaveThanks() {
  if (one("[data-sent]")) forget();
  const thanks = one("[data-return]");
  if (thanks) setTimeout(() => location.replace(thanks.dataset.return), thanks.dataset.seconds * 1000);
}

// What happens to the page

addEventListener("popstate", ({ state }) => {
  if (one("[data-sent]")) return location.reload(); // Back from thanks: a form of its own
  if (form) arrive(show(state?.step ?? at));
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#q-']");
  if (!link || !form) return;
  event.preventDefault();
  goTo(link.hash.slice(1));
});

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, () => ((touched = true), rest()), { capture: true, passive: true });
}

addEventListener("online", () => waiting && post());
addEventListener("error", leaveAsItStands);
addEventListener("unhandledrejection", leaveAsItStands);
speech?.addEventListener?.("voiceschanged", offerReading);

addEventListener("beforeunload", (event) => {
  if (form && touched && !keepsDraft && answers().length) event.preventDefault();
});

addEventListener("pagehide", () => {
  hush();
  if (form && !keepsDraft) reset();
});

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
  else if (form && !touched) restore(); // browsers put back what they remember up to now
});

begin();
