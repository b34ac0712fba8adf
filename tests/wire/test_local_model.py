import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from schemas import Record
from tests.wire import local_model
from tests.wire.tapes import INVENTED

pytestmark = [pytest.mark.local_model, pytest.mark.block_network(allowed_hosts=["127.0.0.1"])]
SCHEMA = Path(__file__).parents[2] / "schemas" / "record.schema.json"
NEEDED = local_model.missing()


@pytest.mark.skipif(NEEDED is not None, reason=f"the local model needs `{NEEDED}`")
def test_a_real_model_on_a_real_server_gives_valid_verbatim_records_and_reasons(tmp_path: Path) -> None:
    feed, output = tmp_path / "feed.jsonl", tmp_path / "records.jsonl"
    papers = [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]
    asked = [papers[0], papers[-1]]
    feed.write_text("".join(json.dumps(paper) + "\n" for paper in asked))
    command = [sys.executable, "-m", "agent", "batch", str(feed), "-o", str(output), "--no-cache"]
    sampling = [
        "--model",
        local_model.MODEL,
        "--temperature",
        "0",
        "--max-tokens",
        "200",
        "--concurrency",
        "1",
        "--timeout",
        "600",
    ]
    with local_model.served() as url:
        done = subprocess.run([*command, *sampling, "--base-url", url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = output.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [paper["id"] for paper in asked]
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for line in lines:
        jsonschema.validate(json.loads(line), schema)
        record = Record.model_validate_json(line)
        for item in (*record.hardware, *record.baselines, *record.speedups, *record.caveats):
            assert record.text_of(item)[slice(*item.span)] == item.passage
        assert record.provenance.requests >= 1
        assert record.provenance.engine == "llm" or record.provenance.fallback
