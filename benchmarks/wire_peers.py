"""What a user would write instead: `python -m benchmarks.wire_peers plain|instructor REQUESTS BASE_URL`.

Both send the requests of a batch file as `perfclaims requests` writes it, 32 at a time, and validate every answer.
They keep nothing, send nothing again but what their library sends again, and check no answer against its abstract.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

from schemas import Answer

IN_FLIGHT = 32


async def ask_plainly(bodies: list[dict[str, Any]], base_url: str) -> list[str]:
    """AsyncOpenAI and a semaphore."""
    client, slots = AsyncOpenAI(base_url=base_url, api_key="none"), asyncio.Semaphore(IN_FLIGHT)

    async def ask(body: dict[str, Any]) -> str:
        async with slots:
            completion = await client.chat.completions.create(**body)
        return Answer.model_validate_json(completion.choices[0].message.content or "").model_dump_json()

    return await asyncio.gather(*map(ask, bodies))


async def ask_by_instructor(bodies: list[dict[str, Any]], base_url: str) -> list[str]:
    """Instructor with the same schema, and the same semaphore."""
    import instructor

    openai = AsyncOpenAI(base_url=base_url, api_key="none")
    client = instructor.from_openai(openai, mode=instructor.Mode.JSON_SCHEMA)
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def ask(body: dict[str, Any]) -> str:
        async with slots:
            answer = await client.create(response_model=Answer, model=body["model"], messages=body["messages"])
        return answer.model_dump_json()

    return await asyncio.gather(*map(ask, bodies))


def main() -> None:
    way, requests, base_url = sys.argv[1:]
    bodies = [json.loads(line)["body"] for line in Path(requests).read_text(encoding="utf-8").splitlines()]
    ask = {"plain": ask_plainly, "instructor": ask_by_instructor}[way]
    for line in asyncio.run(ask(bodies, base_url)):
        print(line)


if __name__ == "__main__":
    main()
