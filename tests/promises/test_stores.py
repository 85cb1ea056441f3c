"""The same evidence gives the same bytes, wherever the record is kept."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns("out", "record", "release")


def outputs(folder: Path) -> dict[str, bytes]:
    """Every output; of the manifest all but the head, which tells the order of the log's writing."""
    found = {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir())}
    manifest = json.loads(found.pop("manifest.json"))
    assert manifest.pop("record_head")
    return found | {"manifest.json": json.dumps(manifest).encode()}


def test_the_line_gives_the_same_bytes_over_every_store(tmp_path, postgresql, s3):
    settings = {
        "folder": "",
        "server": postgresql.setting("line"),
        "server and bucket": postgresql.setting("line_b") + s3.setting("line"),
    }
    results = {}
    for seed, (store, said) in enumerate(settings.items()):
        folder = tmp_path / store
        shutil.copytree(ROOT / "examples" / "known-answers", folder, ignore=LEFT_OUT)
        (folder / "record").mkdir()
        (folder / "record" / "store.toml").write_text(said)
        done = subprocess.run(
            [sys.executable, "-m", "truceline.cli.main", "run", str(folder), "--json"],
            env={**os.environ, **s3.environment, "PYTHONHASHSEED": str(seed)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        results[store] = outputs(folder)
        assert (folder / "record" / "log.sqlite").exists() == (store == "folder")
    assert results["server"] == results["folder"]
    assert results["server and bucket"] == results["folder"]
    assert len(results["folder"]) > 10
