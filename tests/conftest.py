from pathlib import Path

import pytest

FEED = Path(__file__).parent / "feeds" / "hf-gpu-papers.txt"
ABSTRACT = "Our kernel is up to 2.5x faster than cuBLAS on eight NVIDIA A100 GPUs, at the cost of more memory."


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PERFCLAIMS_MODEL", "PERFCLAIMS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PERFCLAIMS_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
