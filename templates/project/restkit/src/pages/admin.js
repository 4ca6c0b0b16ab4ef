// What makes the admin site's pages quicker to work with. All of them work without it.
"use strict";

// The box that ticks all rows of a list, and how many are ticked.
function selection(form) {
  const all = document.getElementById("all");
  const rows = [...form.querySelectorAll("input[name=row]")];
  const say = document.getElementById("selected");
  const everything = document.getElementById("everything");
  const show = () => {
    const ticked = rows.filter((row) => row.checked).length;
    if (everything && everything.checked) {
      say.textContent = "";
      return;
    }
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
    say.textContent = ticked ? `${ticked} of ${rows.length} selected` : "";
  };
  all.hidden = false;
  everything?.addEventListener("change", () => {
    for (const box of [all, ...rows]) {
      box.disabled = everything.checked;
      box.checked = everything.checked;
    }
    show();
  });
  all.addEventListener("change", () => {
    rows.forEach((row) => { row.checked = all.checked; });
    show();
  });
  rows.forEach((row) => row.addEventListener("change", show));
  show();
}

// A field for a key becomes one for a name: typing searches, choosing sets the key.
function search(key) {
  const text = document.createElement("input");
  const list = document.createElement("ul");
  text.id = key.id;
  key.removeAttribute("id");
  text.value = key.dataset.label;
  text.required = key.required;
  list.id = `${text.id}-list`;
  list.className = "found-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id],
    ["aria-autocomplete", "list"], ["autocomplete", "off"], ["placeholder", "Type to search"]]) {
    text.setAttribute(name, value);
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (key.hasAttribute(name)) text.setAttribute(name, key.getAttribute(name));
  }
  key.type = "hidden";
  key.after(text, list);
  key.parentElement.querySelectorAll(".found, .look-up").forEach((hint) => hint.remove());

  let active = -1;
  let asked = 0;
  const close = () => {
    list.hidden = true;
    active = -1;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  };
  // What was typed and not chosen is no value: sent as it is, it would be lost without a word.
  const judge = () => {
    const open = text.value.trim() !== "" && key.value === "";
    text.setCustomValidity(open ? "Choose one of the rows that were found, or empty the field." : "");
  };
  const choose = (item) => {
    key.value = item.dataset.value;
    text.value = item.textContent;
    judge();
    close();
  };
  const show = (rows) => {
    list.replaceChildren(...rows.map((row, number) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.setAttribute("role", "option");
      item.dataset.value = row.value;
      item.textContent = row.label;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
      return item;
    }));
    active = -1;
    list.hidden = rows.length === 0;
    text.setAttribute("aria-expanded", String(rows.length > 0));
  };
  const move = (step) => {
    const items = [...list.children];
    if (!items.length) return;
    active = (active + step + items.length) % items.length;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
    items[active].scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", items[active].id);
  };
  text.addEventListener("input", async () => {
    key.value = "";
    judge();
    const number = ++asked;
    const answer = await fetch(`${key.dataset.search}?q=${encodeURIComponent(text.value)}`);
    // Answers may overtake each other.
    if (number === asked && answer.ok) show(await answer.json());
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
    else if (event.key === "Enter" && key.value === "" && text.value.trim() !== "") {
      // Enter looks for it, and does not send the form.
      if (list.children.length === 1) choose(list.children[0]);
      else text.reportValidity();
    } else return;
    event.preventDefault();
  });
  text.addEventListener("blur", close);
  text.addEventListener("added", ({ detail }) => {
    key.value = detail.value;
    text.value = detail.label;
    judge();
  });
}

// A row that a field is to refer to is made in a window of its own, which hands it over.
function addAnother(link) {
  link.addEventListener("click", (event) => {
    if (window.open(link.href, "_blank", "popup,width=900,height=700")) event.preventDefault();
  });
}

function handOver({ field, value, label }) {
  const target = window.opener?.document.getElementById(field);
  if (!target) return;
  if (target.tagName === "SELECT") target.add(new Option(label, value, true, true));
  // The event is made by the other window, whose it is.
  target.dispatchEvent(new window.opener.CustomEvent("added", { detail: { value, label } }));
  window.close();
}

const rows = document.getElementById("rows");
if (rows) selection(rows);
document.querySelectorAll("input[data-search]").forEach(search);
document.querySelectorAll(".add-another").forEach(addAnother);
const added = document.getElementById("added");
if (added) handOver(added.dataset);
