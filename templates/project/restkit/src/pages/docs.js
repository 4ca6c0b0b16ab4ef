// Sends what is tried on the schema's page, and shows the answer below it.
for (const form of document.querySelectorAll("form.try")) {
  form.querySelector(".scripted").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const shown = form.querySelector(".answer");
    const query = new URLSearchParams();
    const headers = { Accept: "application/json", "X-CSRFToken": form.dataset.csrf };
    let path = form.dataset.path;
    let body;
    for (const field of form.querySelectorAll("[data-in]")) {
      if (field.value === "") continue;
      switch (field.dataset.in) {
        case "path": path = path.replace(`{${field.name}}`, encodeURIComponent(field.value)); break;
        case "query": query.append(field.name, field.value); break;
        case "header": headers[field.name] = field.value; break;
        case "body": body = field.value; headers["Content-Type"] = "application/json"; break;
      }
    }
    const url = query.size ? `${path}?${query}` : path;
    let answer;
    try {
      answer = await fetch(url, { method: form.dataset.method, headers, body });
    } catch (error) {
      shown.textContent = `The server does not answer: ${error.message}`;
      return;
    }
    const text = await answer.text();
    const lines = [`HTTP ${answer.status} ${answer.statusText}`];
    for (const [name, value] of answer.headers) lines.push(`${name}: ${value}`);
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.textContent = `${form.dataset.method} ${url}\n\n${lines.join("\n")}\n\n${pretty(text)}`;
    shown.replaceChildren(pre);
  });
}

// A link to an operation opens it.
function open() {
  const operation = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (operation instanceof HTMLDetailsElement) operation.open = true;
}
addEventListener("hashchange", open);
open();

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
