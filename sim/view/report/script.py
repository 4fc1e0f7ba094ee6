"""What runs in the page, and the policy that lets nothing else run: scripts and styles are known by their hash."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from sim.study.packages import importing

HERE: Final = Path(__file__).parent


@cache
def charts_script() -> str:
    """Return the script that draws charts, with all that it stands on, from the installed package.

    It is Vega-Embed with Vega, Vega-Lite and the interpreter of expressions that needs no ``eval``.
    """
    with importing("vl_convert"):
        import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return safe_in_script(script)


def licences() -> str:
    """Return the licence texts of what `charts_script` holds."""
    package = distribution("vl-convert-python")
    texts = [HERE.joinpath("licences.txt").read_text(encoding="utf-8")]
    for file in package.files or ():
        if file.name.upper().startswith("LICENSE"):
            texts.append(f"vl-convert {package.version}, which packs them together\n\n{file.read_text('utf-8')}")
    return "\n\n".join(text.strip() for text in texts)


def safe_in_script(code: str) -> str:
    """Return a script that does not end the element which holds it; only strings of scripts can hold such words."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def data(value: Any) -> Markup:
    """Return JSON for an element that holds data: no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the content security policy of a page with these scripts and styles and nothing from elsewhere."""
    allowed = {"script-src": scripts, "style-src": styles}
    rules = [f"{name} {' '.join(map(_hash, texts))}" for name, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *rules, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
