"""curator's LLM: ROWS WINDOW URL."""

import os
import sys

os.environ.update(
    TELEMETRY_ENABLED="False",
    CURATOR_DISABLE_RICH_DISPLAY="1",
    CURATOR_DISABLE_CACHE="true",
    OPENAI_API_KEY="none",
    HF_HUB_OFFLINE="1",
    LITELLM_LOCAL_MODEL_COST_MAP="True",
)

import tiktoken


class Words:
    """In place of the encoding that is downloaded when the backend is made."""

    name = "words"

    def encode(self, text: str, **kwargs: object) -> list[str]:
        return text.split()


tiktoken.get_encoding = tiktoken.encoding_for_model = lambda name: Words()

from bespokelabs import curator  # noqa: E402


def main() -> None:
    rows, window, url = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    backend = {
        "base_url": url,
        "max_requests_per_minute": 10**7,
        "max_tokens_per_minute": 10**10,
        "max_concurrent_requests": window,
    }
    model = curator.LLM(model_name="fake-model", backend="openai", backend_params=backend)
    made = model([f"Say something about topic {i}" for i in range(rows)])
    print("ROWS", len(getattr(made, "dataset", made)))


if __name__ == "__main__":
    main()
