// A native slider over a list of texts; screen readers speak the chosen text.
function render({ model, el }) {
  const label = document.createElement("label");
  const name = document.createElement("span");
  const slider = document.createElement("input");
  const shown = document.createElement("span");
  slider.type = "range";
  slider.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys
  shown.className = "spoken-slider-text";
  shown.ariaHidden = "true"; // the slider itself says it
  label.append(name, slider);
  el.append(label, shown);
  el.classList.add("spoken-slider");

  const show = () => {
    const texts = model.get("texts");
    slider.max = texts.length - 1;
    slider.value = model.get("index");
    slider.ariaValueText = texts[model.get("index")];
    name.textContent = model.get("description");
    shown.textContent = slider.ariaValueText;
    shown.style.minWidth = `${Math.max(...texts.map((text) => text.length))}ch`;
  };
  slider.addEventListener("input", () => {
    model.set("index", Number(slider.value));
    model.save_changes();
  });
  const events = ["change:texts", "change:index", "change:description"];
  events.forEach((event) => model.on(event, show));
  show();
  return () => events.forEach((event) => model.off(event, show));
}

export default { render };
