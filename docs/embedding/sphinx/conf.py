project = "Three transports"
extensions = ["myst_parser"]
html_theme = "furo"
html_static_path = ["_static"]
html_js_files = [("transport-playground/transport-playground.js", {"type": "module"})]
