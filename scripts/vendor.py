#!/usr/bin/env python3
"""Fetch the committed third-party front-end files again and check their hashes.

The list lives in ``static/vendor/manifest.json``: npm package, exact version, and for each file where it comes from,
where it goes and its SHA-256. Nothing here runs when the portal runs: the files are committed.

    scripts/vendor.py            fetch every package with `npm pack`, refuse a file whose hash differs, write the files
    scripts/vendor.py --check    no network: compare the committed files with the manifest
    scripts/vendor.py --record   fetch and write the new hashes (after changing a version in the manifest; review the diff)
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static" / "vendor" / "manifest.json"
# The hashed static storage follows this comment and fails on a map that we do not ship.
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+)\s*$")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mismatches(root: Path = ROOT) -> list[str]:
    """Sentences, one per committed file that is missing or differs from the manifest. Empty when all is well."""
    problems = []
    manifest = json.loads((root / "static" / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    entries = [entry for package in manifest["packages"] for entry in package["files"]] + manifest["kept"]
    for entry in entries:
        path = root / entry["to"]
        if not path.is_file():
            problems.append(f"{entry['to']} is missing")
        elif sha256(path.read_bytes()) != entry["sha256"]:
            problems.append(f"{entry['to']} differs from its recorded hash")
    return problems


def fetch(name: str, version: str, folder: Path) -> Path:
    """Download the package's archive with npm, which checks its own integrity hash. Returns the archive."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"npm could not fetch {name} {version}:\n{done.stderr.strip()}")
    return folder / done.stdout.strip().splitlines()[-1]


def install(package: dict, folder: Path, *, record: bool) -> None:
    """Write one package's files. With ``record`` the hashes are replaced, otherwise a different hash stops everything."""
    with tarfile.open(fetch(package["name"], package["version"], folder)) as archive:
        for entry in package["files"]:
            content = archive.extractfile(f"package/{entry['from']}").read()
            content = SOURCE_MAP.sub(b"\n", content)
            digest = sha256(content)
            if record:
                entry["sha256"] = digest
            elif digest != entry["sha256"]:
                raise SystemExit(f"{package['name']} {package['version']}: {entry['from']} has an unexpected hash {digest}")
            target = ROOT / entry["to"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"  {entry['to']}  {len(content):,} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch or check the committed third-party files.")
    parser.add_argument("--check", action="store_true", help="compare the committed files with the manifest, no network")
    parser.add_argument("--record", action="store_true", help="fetch and write new hashes into the manifest")
    options = parser.parse_args()
    if not options.check:
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            for package in manifest["packages"]:
                print(f"{package['name']} {package['version']}")
                install(package, Path(folder), record=options.record)
        if options.record:
            for entry in manifest["kept"]:
                entry["sha256"] = sha256((ROOT / entry["to"]).read_bytes())
            MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    problems = mismatches()
    for problem in problems:
        print(problem, file=sys.stderr)
    print("Vendored files: " + ("they differ from the manifest." if problems else "all as recorded."))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
