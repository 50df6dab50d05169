// What the pages do in the browser beyond the theme: printing, names for buttons, wide equations.

// Paper is white, and a folded answer cannot be opened on it: both are put back afterwards.
window.addEventListener("beforeprint", () => {
  const page = document.documentElement;
  page.dataset.themeOnScreen = page.dataset.theme;
  page.dataset.theme = "light";
  document.querySelectorAll("details.dropdown:not([open])").forEach((answer) => {
    answer.dataset.foldedOnScreen = "";
    answer.open = true;
  });
});

window.addEventListener("afterprint", () => {
  const page = document.documentElement;
  page.dataset.theme = page.dataset.themeOnScreen;
  delete page.dataset.themeOnScreen;
  document.querySelectorAll("details[data-folded-on-screen]").forEach((answer) => {
    delete answer.dataset.foldedOnScreen;
    answer.open = false;
  });
});

// The theme's button that unfolds a page's subpages in the sidebar has no name of its own.
window.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".bd-sidebar-primary li.has-children > details > summary").forEach((button) => {
    const page = button.closest("li").querySelector("a").textContent.trim();
    button.setAttribute("aria-label", `Pages under ${page}`);
  });
});

// An equation that scrolls sideways can be reached and scrolled with the keyboard.
const letWideEquationsScroll = () => {
  document.querySelectorAll('mjx-container[display="true"]').forEach((equation) => {
    if (equation.scrollWidth > equation.clientWidth) {
      equation.tabIndex = 0;
      equation.setAttribute("role", "group");
      equation.setAttribute("aria-label", "Equation, scrolls sideways");
    } else {
      equation.removeAttribute("tabindex");
      equation.removeAttribute("role");
      equation.removeAttribute("aria-label");
    }
  });
};

window.addEventListener("load", () => {
  window.MathJax?.startup?.promise?.then(() => {
    const sizes = new ResizeObserver(letWideEquationsScroll);
    sizes.observe(document.querySelector("article"));
  });
});
