// What the API's pages do better with a script. All of them work without it.
"use strict";

// Filters that are left empty stay out of the URL.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") {
        formData.delete(name);
      }
    }
  });
}
