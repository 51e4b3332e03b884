"""datatrove's InferenceRunner: ROWS WINDOW URL."""

import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.inference.run_inference import InferenceConfig, InferenceRunner
from datatrove.pipeline.writers import JsonlWriter


async def rollout(document: Document, generate: Callable[[Any], Awaitable[Any]]) -> str:
    message = {"role": "user", "content": document.text}
    answer = await generate({"messages": [message], "max_tokens": 128})
    return str(answer.text)


def main() -> None:
    rows, window, url = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].removesuffix("/v1")
    documents = [Document(text=f"Say something about topic {i}", id=str(i)) for i in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        config = InferenceConfig(
            server_type="endpoint",
            endpoint_url=url,
            model_name_or_path="fake-model",
            max_concurrent_generations=window,
            metric_interval=60,
        )
        writer = JsonlWriter(f"{folder}/out", compression=None)
        runner = InferenceRunner(rollout_fn=rollout, config=config, output_writer=writer)
        LocalPipelineExecutor(
            pipeline=[documents, runner], tasks=1, logging_dir=f"{folder}/logs"
        ).run()
        written = Path(folder, "out").glob("*")
        print("ROWS", sum(len(path.read_text().splitlines()) for path in written))


if __name__ == "__main__":
    main()
