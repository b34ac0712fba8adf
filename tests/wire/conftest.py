import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "local_model: asks a real model on this machine; only run by -m local_model")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "local_model" not in config.getoption("-m"):
        slow = [item for item in items if item.get_closest_marker("local_model")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.model.transport.LONGEST_BACKOFF", 0.0)
    monkeypatch.setattr("agent.model.gate.LONGEST_PAUSE", 0.0)
