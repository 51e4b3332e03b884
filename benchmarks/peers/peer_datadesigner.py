"""Data Designer's text column: ROWS WINDOW URL."""

import os
import sys
import tempfile

os.environ.update(NEMO_TELEMETRY_ENABLED="false", BENCHMARK_KEY="none")

import data_designer.config as dd
from data_designer.interface import DataDesigner


def main() -> None:
    rows, window, url = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    provider = dd.ModelProvider(
        name="local", endpoint=url, provider_type="openai", api_key="BENCHMARK_KEY"
    )
    model = dd.ModelConfig(
        alias="m",
        model="fake-model",
        provider="local",
        inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=window),
        skip_health_check=True,
    )
    builder = dd.DataDesignerConfigBuilder(model_configs=[model])
    builder.add_column(
        dd.SamplerColumnConfig(
            name="topic", sampler_type=dd.SamplerType.UUID, params=dd.UUIDSamplerParams()
        )
    )
    prompt = "Say something about topic {{ topic }}"
    builder.add_column(dd.LLMTextColumnConfig(name="made", model_alias="m", prompt=prompt))
    with tempfile.TemporaryDirectory() as folder:
        designer = DataDesigner(artifact_path=folder, model_providers=[provider])
        print("ROWS", len(designer.create(builder, num_records=rows).load_dataset()))


if __name__ == "__main__":
    main()
