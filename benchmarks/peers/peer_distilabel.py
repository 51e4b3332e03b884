"""distilabel's TextGeneration: ROWS WINDOW URL."""

import sys

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import TextGeneration


def main() -> None:
    rows, window, url = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    asked = [{"instruction": f"Say something about topic {i}"} for i in range(rows)]
    with Pipeline(name="benchmark") as pipeline:
        load = LoadDataFromDicts(data=asked, batch_size=window)
        model = OpenAILLM(model="fake-model", base_url=url, api_key="none")
        load >> TextGeneration(llm=model, input_batch_size=window)
    print("ROWS", len(pipeline.run(use_cache=False)["default"]["train"]))


if __name__ == "__main__":
    main()
