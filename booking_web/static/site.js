// Makes the pages quicker. None of them needs it.
(() => {
  "use strict";
  const { zone, askZone, restore, booked, dead } = document.documentElement.dataset;

  // Nothing was chosen yet: load once more with the browser's own zone, before anything is painted.
  // The address then names a zone, so it cannot happen twice.
  if (askZone !== undefined) {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (own && own !== zone) {
      const query = new URLSearchParams(location.search);
      query.set("zone", own);
      location.replace(`?${query}${location.hash}`);
      return;
    }
  }

  // What this tab remembers, by a short hash of the page's path: the path itself is a secret.
  const place = [...location.pathname]
    .reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261)
    .toString(36);
  const memory = {
    get: (key) => {
      try {
        return JSON.parse(sessionStorage.getItem(`otl:${key}`));
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        sessionStorage.setItem(`otl:${key}`, JSON.stringify(value));
      } catch {
        // Storage is switched off: then nothing is kept.
      }
    },
  };

  // Back from the confirmation to the form, which its own booking has used up: forward again.
  if (dead !== undefined && performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    const confirmation = memory.get(`booked:${place}`);
    if (confirmation) location.replace(confirmation);
  }
  if (booked !== undefined) {
    const sent = memory.get("sent");
    if (sent) {
      memory.set(`booked:${sent}`, location.pathname);
      memory.set(`draft:${sent}`, null);
      memory.set("sent", null);
      memory.set("booked", sent);
    }
    // A corrected address leads to another confirmation.
    addEventListener("submit", () => memory.set("sent", memory.get("booked")));
  }

  const FIELDS = ["name", "email", "phone", "guests", "notes"];
  const times = (form) => [...form.elements].filter((input) => input.name === "start");
  const chosen = (form) => times(form).find((radio) => radio.checked);

  // What was typed stays while the contact turns to another week or zone.
  function keepDraft(form) {
    const values = memory.get(`draft:${place}`) ?? {};
    for (const field of FIELDS) {
      const input = form.elements[field];
      if (restore !== undefined && input && field in values) input.value = values[field];
    }
    const time = times(form).find((radio) => radio.value === values.start);
    if (restore !== undefined && time) time.checked = true;

    addEventListener("pagehide", () => {
      const typed = Object.fromEntries(FIELDS.map((field) => [field, form.elements[field]?.value]));
      const start = chosen(form)?.value ?? values.start;
      memory.set(`draft:${place}`, { ...typed, start });
    });
  }

  // The button says what will happen.
  function nameButton(form) {
    const words = form.querySelector(".send .what");
    const { plain, chosen: withTime } = words.dataset;
    const say = () => {
      const radio = chosen(form);
      const day = radio?.closest("[data-day]")?.dataset.day;
      const time = radio?.nextElementSibling.textContent;
      words.textContent = radio ? withTime.replace("{time}", day ? `${day}, ${time}` : time) : plain;
      form.querySelector(".send .where").hidden = !radio;
    };
    for (const radio of times(form)) radio.addEventListener("change", say);
    say();
    return say;
  }

  // A second press does nothing while the first is on its way; Back and a lost answer free it again.
  function sendOnce(form, say) {
    const button = form.querySelector(".send .button");
    let timer = 0;
    const free = () => {
      clearTimeout(timer);
      button.removeAttribute("aria-disabled");
      say();
    };
    form.addEventListener("submit", (event) => {
      if (button.hasAttribute("aria-disabled")) {
        event.preventDefault();
        return;
      }
      button.setAttribute("aria-disabled", "true");
      memory.set("sent", place);
      const words = form.querySelector(".send .what");
      words.textContent = words.dataset.sent;
      form.querySelector(".send .where").hidden = true;
      timer = setTimeout(free, 10_000);
    });
    addEventListener("pageshow", free);
  }

  // Tell once that a person is here: scanners and previews run scripts too, but touch nothing.
  function tellSeen(form) {
    const { submission_id, ticket } = form.elements;
    const events = ["pointerdown", "keydown"];
    const tell = (event) => {
      if (!event.isTrusted) return;
      for (const name of events) removeEventListener(name, tell, true);
      const body = new URLSearchParams({
        submission_id: submission_id.value,
        ticket: ticket.value,
      });
      // Whatever comes of it, the page goes on.
      fetch(`${location.pathname}/seen`, { method: "POST", body, keepalive: true }).catch(() => {});
    };
    for (const name of events) addEventListener(name, tell, true);
  }

  // The same, or one slip away.
  function alike(typed, meant) {
    let [before, after] = [0, 0];
    const shorter = Math.min(typed.length, meant.length);
    while (before < shorter && typed[before] === meant[before]) before++;
    while (after < shorter - before && typed.at(-1 - after) === meant.at(-1 - after)) after++;
    const [one, other] = [typed, meant].map((word) => word.slice(before, word.length - after));
    if (!one && !other) return true;
    if (meant.length < 4) return false;
    return (one.length < 2 && other.length < 2) || (one.length === 2 && one === other[1] + other[0]);
  }

  // "Did you mean …?", by the rules of booking_web/addresses.py.
  function meant(typed, known, issued) {
    const parts = (address) => address.toLowerCase().match(/(.*)@(.*)/)?.slice(1) ?? [];
    const [[local, domain], [ownLocal, own]] = [parts(typed), parts(issued)];
    if (!local || (local === ownLocal && domain === own)) return null;
    const isKnown = known.includes(domain);
    if (own && alike(local, ownLocal) && (domain === own || (!isKnown && alike(domain, own)))) return issued;
    if (isKnown || domain === own) return null;
    const [name, ending] = domain.split(/\.(.*)/);
    const isCountry = ending?.length === 2 && !["co", "cm", "om"].includes(ending);
    const near = [own ?? "", ...known.filter((one) => one.length > 7)].find(
      (one) => alike(domain, one) && !(isCountry && name === one.split(".")[0]),
    );
    return near ? `${typed.slice(0, local.length)}@${near}` : null;
  }

  function noticeSlips(form) {
    const { email } = form.elements;
    const place = form.querySelector(".meant");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    place.append(button);
    let address;
    const look = () => {
      address = meant(email.value.trim(), email.dataset.known.split(" "), email.dataset.issued);
      button.hidden = !address;
      button.textContent = place.dataset.ask.replace("{email}", () => address);
    };
    button.onclick = () => {
      email.value = address;
      email.focus();
      look();
    };
    // A little later: nothing moves away below a press.
    let timer;
    email.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 400);
    });
    look();
  }

  // The page lists one city for each clock on earth; the browser knows the others.
  function listAllZones() {
    const select = document.getElementById("zone");
    if (!select || !Intl.supportedValuesOf) return;
    const group = document.createElement("optgroup");
    group.label = select.dataset.all;
    for (const name of Intl.supportedValuesOf("timeZone")) {
      group.append(new Option(name.replaceAll("_", " "), name));
    }
    select.append(group);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("book");
    if (form) {
      keepDraft(form);
      sendOnce(form, nameButton(form));
      if (form.elements.ticket) {
        tellSeen(form);
        noticeSlips(form);
      }
    }
    listAllZones();
  });
})();
