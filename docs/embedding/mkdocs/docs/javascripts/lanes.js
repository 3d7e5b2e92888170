// MkDocs before 1.5 has no module scripts: this one loads the module.
import(new URL("../transport-playground/transport-playground.js", document.currentScript.src));
