"""The recording in the README: a terminal that shows all of a run, and nothing of the machine that ran it."""

import re

from tests import recording
from tests.support.files import ROOT

OUTPUT = """Deploying <prod> & more …
  targets           prod                2 created               0:17
  waiting: record link.prod.getorcha.com, 10 s: Route 53 spreads it

  LinkCertificateArn    arn:aws:acm:eu-central-1:111111111111:certificate/7e25b304-bd8b-4580-ae01-75c6740f522a-more
"""


def test_every_line_is_drawn_as_it_is() -> None:
    assert list(recording.shown(recording.picture(OUTPUT))) == [line for line in OUTPUT.splitlines() if line]


def test_runs_are_alike_but_for_ids_times_and_waits() -> None:
    other = OUTPUT.replace("0:17", "1:02").replace("7e25b304", "00001111").replace("  waiting: ", "  waiting: again ")
    assert recording.alike(OUTPUT.splitlines()) == recording.alike(other.splitlines())
    assert recording.alike(OUTPUT.splitlines()) != recording.alike(OUTPUT.replace("targets", "groups").splitlines())


def test_the_recording_asks_no_other_host_and_names_no_folder_of_a_machine() -> None:
    text = recording.FILE.read_text(encoding="utf-8")
    assert re.findall(r"https?://(?!www\.w3\.org/|www\.textualize\.io|link\.)[^\s<\"]+", text) == []
    assert not re.search(r"/(?:tmp|root|home|work)/", text)


def test_the_readme_shows_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"({recording.FILE.relative_to(ROOT)})" in readme
