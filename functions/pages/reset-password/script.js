
"use strict";
(() => {
  const password = document.getElementById("password");
  if (!password) return;
  const confirmation = document.getElementById("confirmation");
  const show = document.getElementById("show");

  // Says something in both languages, in a region that screen readers read out.
  const say = (id, level, words) => {
    const region = document.getElementById(id);
    region.dataset.level = level;
    const english = document.createElement("span");
    english.lang = "en";
    english.textContent = words[1];
    region.replaceChildren(...(words[0] ? [words[0] + " · ", english] : []));
  };

  // A hint, not the rule: the rule is the server's, which also knows common passwords and the person's name.
  const strength = (value) => {
    const characters = [...value];
    if (!characters.length) return [0, ["", ""]];
    if (characters.length < 8) return [1, ["Terlalu pendek", "Too short"]];
    const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(value)).length;
    const score = Math.min(characters.length, 2 * new Set(characters).size) + 2 * kinds;
    if (score < 14) return [1, ["Lemah: tambahkan kata lagi", "Weak: add another word"]];
    if (score < 20) return [2, ["Cukup", "Fair"]];
    return [3, ["Kuat", "Strong"]];
  };

  const same = () => password.value === confirmation.value;
  const compare = () => {
    if (!confirmation.value) return say("match", 0, ["", ""]);
    return same() ? say("match", 3, ["Sama", "The same"]) : say("match", 1, ["Belum sama", "Not the same yet"]);
  };

  // Waits for a pause in typing, so that nothing is read out for every key.
  let waiting;
  const judge = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      say("strength", ...strength(password.value));
      compare();
    }, 300);
  };
  password.addEventListener("input", judge);
  confirmation.addEventListener("input", judge);

  const reveal = (visible) => {
    show.setAttribute("aria-pressed", String(visible));
    password.type = confirmation.type = visible ? "text" : "password";
  };
  show.hidden = false;
  show.addEventListener("click", () => reveal(show.getAttribute("aria-pressed") !== "true"));

  password.form.addEventListener("submit", (event) => {
    if (!same()) {
      event.preventDefault();
      compare();
      confirmation.focus();
      return;
    }
    // A browser must not keep what was typed as the history of a text field.
    reveal(false);
  });
})();
