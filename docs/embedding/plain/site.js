const page = document.documentElement;
page.className = localStorage.getItem("theme") ?? "";
document.querySelector("#theme").addEventListener("click", () => {
  page.className = page.className === "dark" ? "light" : "dark";
  localStorage.setItem("theme", page.className);
});
