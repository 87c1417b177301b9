// The stop button: what it does is said, a reason and the second secret are asked for, and the answer is shown.
import { asked } from "./line.js";
import { say } from "./words.js";
const by = (id) => document.getElementById(id);
const TITLES = { "no-entries": "stop", "reduce-only": "reduce", "flatten": "flatten", "resume": "resume" };
export function stops(second, done) {
  let does = null;
  const open = (strength) => {
    does = strength;
    by("ask-title").textContent = by("ask-yes").textContent = say(TITLES[strength]);
    by("ask-does").textContent = say(`does.${strength}`);
    by("second-label").textContent = say(`ask.${second()}`);
    by("second").inputMode = second() === "code" ? "numeric" : "text";
    by("sure-line").hidden = !["flatten", "reduce-only"].includes(strength);
    by("sure").required = !by("sure-line").hidden;
    by("sure").checked = false;
    by("sure-says").textContent = say(`ask.sure.${strength}`);
    by("second").value = "";
    by("because").value = "";
    by("ask").querySelector(".said").textContent = "";
    by("ask").showModal();
    by("because").focus();
  };
  for (const [id, strength] of [["stop", "no-entries"], ["reduce", "reduce-only"], ["flatten", "flatten"], ["resume", "resume"]]) by(id).onclick = () => open(strength);
  by("ask-no").onclick = () => by("ask").close();
  by("ask").querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const said = by("ask").querySelector(".said"), yes = by("ask-yes");
    yes.disabled = true;
    try {
      const body = { because: by("because").value, second: by("second").value };
      const told = await asked("POST", does === "resume" ? "/api/resume" : "/api/halt", does === "resume" ? body : { ...body, strength: does });
      if (told.taken) by("ask").close(); else said.textContent = say("waits");
      done();
    } catch (error) {
      said.textContent = error.status ? error.message : say("no_answer");
    } finally {
      yes.disabled = false;
      by("second").value = "";
    }
  };
}
