"""`python -m tests.browser`: lay the report out in Chromium, which stands on PATH, on a telephone and on a screen.

It ends with 1 where a page is wider than its window, or where a text is cut off. The page is a frame of another, whose
script measures it: the report itself has none.
"""

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edge.report.contents import Alarm, LastPlan
from edge.report.page import page
from tests.unit.test_report import contents, result

WIDTHS_PX = (400, 1200)
HEIGHT_PX = 900
LONG = (
    "arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/v1-orcha-a-rather-long-name-tg/7a4203edc3a7d0d0"
)
_MEASURE = """
const frame = document.querySelector("iframe");
frame.onload = () => {
  const root = frame.contentDocument.documentElement;
  const cut = [...root.querySelectorAll("h1, h2, p, td, th, dt, dd, li")].filter((it) => {
    const box = it.getBoundingClientRect();
    return it.textContent.trim() && (box.right > root.clientWidth + 1 || it.scrollWidth > it.clientWidth + 1);
  });
  const texts = cut.map((it) => it.textContent.slice(0, 60));
  const measured = { wide: root.scrollWidth, window: root.clientWidth, cut: texts };
  document.body.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify(measured) }));
};
frame.srcdoc = SOURCE;
"""


def measured(text: str, width: int) -> dict[str, Any]:
    """Lay a page out in a window of this width, and give what it takes and what of it is cut off."""
    script = _MEASURE.replace("SOURCE", json.dumps(text).replace("</", "<\\/"))
    frame = f'<iframe style="border:0;width:{width}px;height:{HEIGHT_PX}px"></iframe>'
    with TemporaryDirectory() as folder:
        file = Path(folder, "frame.html")
        file.write_text(f"<!doctype html><meta charset=utf-8>{frame}<script>{script}</script>", encoding="utf-8")
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=4000",
            "--dump-dom",
        ]
        done = subprocess.run([*command, file.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    if found is None:
        raise RuntimeError("the browser measured nothing; see what it wrote:\n" + done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(html.unescape(found[1]))
    return answer


def reports() -> dict[str, str]:
    """Write the pages: one as it is, and one with long names and much that failed."""
    failed = [result(f"check {n}", "failed", f"{LONG} answers 503", remedy=f"see {LONG}") for n in range(5)]
    risks = [{"id": f"REPLACE:aws_lb_target_group.{'long_' * 20}", "sentence": f"{LONG} goes"}]
    plan = LastPlan(environment="prod", verdict="1 risk is open.", digest=f"sha256:{'0' * 64}", summary={}, risks=risks)
    return {
        "as it is": page(contents(results=[result("resolves", "passed")])),
        "with long names": page(contents(results=failed, plan=plan, alarms=(Alarm(LONG, LONG),))),
    }


def main() -> int:
    """Measure each page at each width."""
    faults = 0
    for name, text in reports().items():
        for width in WIDTHS_PX:
            found = measured(text, width)
            fits = found["wide"] <= found["window"] and not found["cut"]
            sys.stdout.write(f"{name}, {width} px: {'fits' if fits else found}\n")
            faults += not fits
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
