// Changes the language of a sweep's page; everything else on it stands without a script.
"use strict";

function speak(language) {
  document.documentElement.lang = language;
  document.getElementById("switch").textContent = language === "ko" ? "English" : "한국어";
}

speak(document.documentElement.lang);
document.getElementById("switch").onclick = () => speak(document.documentElement.lang === "ko" ? "en" : "ko");
document.getElementById("print").onclick = () => window.print();
