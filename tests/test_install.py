"""Install from the lock files. The index of this test also offers a newer version of every pinned package."""

import base64
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR
from tools.install import Installation, Refused

NEWER = "99999"
PIN = re.compile(r"^([\w.-]+)==(\S+?)((?: ;.*?)?) \\\n(?:    --hash=\S+(?: \\)?\n)+", re.MULTILINE)


@dataclass
class Project:
    """A copy of the files that the installation needs, and the index that it uses."""

    root: Path
    index: str

    def install(self, *arguments: str, index: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tools.install", *arguments],
            cwd=self.root,
            env=self.environment(index or self.index),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def environment(self, index: str) -> dict[str, str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        return {**bare, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index, "PIP_RETRIES": "0"}

    @property
    def installed(self) -> dict[str, str]:
        folder = next((self.root / ".venv" / "lib").glob("python*/site-packages"))
        found = importlib.metadata.distributions(path=[str(folder)])
        return {canonical(distribution.metadata["Name"]): distribution.version for distribution in found}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def make_wheel(folder: Path, name: str, version: str, metadata: str = "") -> str:
    """Write a wheel that contains only metadata. Return its SHA-256."""
    stem = f"{name.replace('-', '_')}-{version}"
    texts = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},\n"
        for path, text in texts.items()
    )
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**texts, f"{stem}.dist-info/RECORD": f"{record}{stem}.dist-info/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # no timestamp, so that the same wheel has the same digest
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def publish(index: Path, name: str, version: str) -> str:
    """Offer a package in this version, with its real dependencies, and in a newer version.

    Return the SHA-256 of this version. Raise `PackageNotFoundError` if the package is not installed here.
    """
    folder = index / name
    folder.mkdir(exist_ok=True)
    real = importlib.metadata.metadata(name)
    fields = [(key, value) for key in ("Provides-Extra", "Requires-Dist") for value in real.get_all(key) or ()]
    digest = make_wheel(folder, name, version, "".join(f"{key}: {value}\n" for key, value in fields))
    make_wheel(folder, name, NEWER)
    links = "".join(f'<a href="{wheel.name}">{wheel.name}</a>\n' for wheel in sorted(folder.glob("*.whl")))
    (folder / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
    return digest


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project with both lock files installed. The name of its folder contains a space."""
    root = tmp_path_factory.mktemp("a folder") / "kum fa"
    index = root.parent / "index"
    index.mkdir()
    shutil.copytree(BASE_DIR / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))

    def offer(pin: re.Match[str]) -> str:
        name, version, marker = pin.groups()
        try:
            digest = publish(index, canonical(name), version)
        except importlib.metadata.PackageNotFoundError:
            return pin[0]  # for another system or another Python
        return f"{name}=={version}{marker} \\\n    --hash=sha256:{digest}\n"

    for name in ("requirements", "requirements-dev"):
        shutil.copy(BASE_DIR / f"{name}.in", root)
        (root / f"{name}.txt").write_text(PIN.sub(offer, (BASE_DIR / f"{name}.txt").read_text()))
    project = Project(root, index.as_uri())
    done = project.install("dev")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def restored(project: Project) -> Iterator[Project]:
    """Yield the project. Restore its lock files and its stamp after the test."""
    kept = {
        path: path.read_bytes() for path in (*project.root.glob("requirements*"), project.root / ".venv/installed.json")
    }
    yield project
    for path, content in kept.items():
        path.write_bytes(content)


def test_every_pin_is_installed_and_no_newer_version(project: Project) -> None:
    pins = {
        canonical(pin[1]): pin[2]
        for name in ("requirements", "requirements-dev")
        for pin in PIN.finditer((BASE_DIR / f"{name}.txt").read_text())
    }
    here = {canonical(name) for distribution in importlib.metadata.distributions() if (name := distribution.name)}
    assert project.installed == {name: version for name, version in pins.items() if name in here}
    assert NEWER not in project.installed.values()


def test_neither_pip_nor_setuptools_stays(project: Project) -> None:
    assert not {"pip", "setuptools", "wheel"} & set(project.installed)


def test_a_second_install_asks_no_network(project: Project) -> None:
    done = project.install("dev", index="file:///nowhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert project.install(index="file:///nowhere").returncode == 0


def test_a_second_install_waits_for_the_first(project: Project) -> None:
    with (project.root / "var" / "install.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-m", "tools.install"],
            cwd=project.root,
            env=project.environment(project.index),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert second.stderr.readline().startswith("Another command installs in this folder.")
        assert second.poll() is None
    second.communicate(timeout=60)
    assert second.returncode == 0


def test_a_lock_file_without_the_dependency_of_an_extra_is_refused(restored: Project) -> None:
    lock = restored.root / "requirements.txt"
    lock.write_text(re.sub(r"^brotli==.*\n(?: .*\n)+", "", lock.read_text(), flags=re.MULTILINE))
    done = restored.install("dev")
    assert done.returncode == 1
    assert "brotli" in done.stderr
    assert "The lock files are not complete" in done.stderr


def test_a_package_that_is_not_to_be_had_is_said_in_one_sentence(restored: Project) -> None:
    lock = restored.root / "requirements.txt"
    lock.write_text("of-no-index==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n" + lock.read_text())
    done = restored.install()
    assert done.returncode == 1
    assert "run the same command again" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_folder_or_another_python_installs_from_the_beginning(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = (project.root / ".venv" / "installed.json").read_text()
    assert Installation(project.root)._base() in stamp.replace("\\\\", "\\")
    moved = Installation(project.root.parent / "moved")
    assert moved._base() not in stamp
    monkeypatch.setattr(sys, "executable", "/usr/bin/another-python")
    assert Installation(project.root)._base() not in stamp


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").touch()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refused, match="apt-get install python3-venv"):
        Installation(tmp_path).run(["requirements"])
