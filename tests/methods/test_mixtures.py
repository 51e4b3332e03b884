"""A mixture of methods as a whole: reasons and kinds of records mean one thing in it."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from beam_synth.dataset.configs import settle_class, settle_name, settling, written_configs
from beam_synth.errors import Refused
from beam_synth.generation.mixture import PlanConfig
from beam_synth.job.schema import Job
from beam_synth.methods import ARTICLE, PASSAGE, method, once, records_of
from beam_synth.methods.loading import configs_of, load_methods, reasons_of
from beam_synth.records import (
    ENTITIES,
    INSTRUCTIONS,
    REASONS,
    SAMPLES,
    SHIPPED_CONFIGS,
    TEXTS,
    DatasetConfig,
    record_schema,
)
from tests.doubles.kinds import NAME
from transforms.settle import SettleNovelty


def test_reasons_are_those_of_all_and_the_methods_own() -> None:
    assert reasons_of(["rag"]) == REASONS
    found = reasons_of([f"{NAME}ask_about", "rag"])
    assert found == REASONS | {"too_short": "under five words"}


def test_one_reason_of_two_meanings_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        load_methods([f"{NAME}ask_otherwise", f"{NAME}ask_about"])
    assert str(caught.value) == (
        f"mixture: '{NAME}ask_about' and '{NAME}ask_otherwise' mean different things by the reason "
        "'too_short'; rename one"
    )


def test_one_config_of_two_schemas_is_refused() -> None:
    with pytest.raises(Refused, match=r"halves' and .*titled' make records of different schemas"):
        configs_of([f"{NAME}halves", f"{NAME}titled"])


def test_the_configs_of_a_mixture_come_once_and_by_name() -> None:
    names = [f"{NAME}{name}" for name in ("halves", "section_text", "ask_about")]
    assert configs_of(["rag", "mcq", *names]) == [INSTRUCTIONS, SAMPLES, TEXTS]


def test_steps_are_written_where_the_job_names_them() -> None:
    configs = [ENTITIES, INSTRUCTIONS, TEXTS]
    assert written_configs(configs, []) == (TEXTS,)
    assert written_configs(configs, ["instructions"]) == (INSTRUCTIONS, TEXTS)
    with pytest.raises(Refused, match=r"no method of the mixture makes 'entity'.*'entities'"):
        written_configs(configs, ["entity"])
    with pytest.raises(Refused, match=r"only steps to other records \(entities, instructions\)"):
        written_configs([ENTITIES, INSTRUCTIONS], [])


def test_what_is_made_in_a_round_settles_in_it() -> None:
    mixture = {f"{NAME}{name}": 1.0 for name in ("ask_about", "tell", "halves")}
    plan = PlanConfig.of_job(Job(name="x", articles=["a"], mixture=mixture), 8)
    configs = configs_of(mixture)
    assert settling(configs, plan.of_round(0)) == [INSTRUCTIONS]
    assert settling(configs, plan.of_round(1)) == []
    assert settle_class(INSTRUCTIONS) is SettleNovelty
    assert settle_name("token_preferences") == "SettleTokenPreferences"
    for path in ("transforms.settle:Nothing", "transforms.nowhere:Nothing", "transforms.settle"):
        with pytest.raises(Refused, match=r"'instructions': its settle step .* cannot be loaded"):
            settle_class(dataclasses.replace(INSTRUCTIONS, settle=path))


@pytest.mark.parametrize("config", SHIPPED_CONFIGS.values(), ids=SHIPPED_CONFIGS.keys())
def test_every_settle_step_that_a_shipped_config_names_is_there(config: DatasetConfig) -> None:
    assert not config.settle or settle_class(config) is SettleNovelty
    assert SHIPPED_CONFIGS[config.name] is config


def test_a_config_without_its_columns_is_no_config() -> None:
    with pytest.raises(ValueError, match="schema of 'jokes' lacks record_id, language"):
        DatasetConfig("jokes", pa.schema([("joke", pa.string())]), lambda row: row["joke"])
    schema = record_schema(joke=pa.string())
    with pytest.raises(ValueError, match="schema of 'jokes' lacks messages"):
        DatasetConfig("jokes", schema, lambda row: row["joke"], surface="chat")
    assert DatasetConfig("jokes", schema, lambda row: row["joke"]).own_columns == ("joke",)


def test_neighbours_belong_to_single_passages() -> None:
    for start, tasks in ((ARTICLE, None), (records_of(TEXTS), None), (PASSAGE, once)):
        with pytest.raises(ValueError, match="only single passages"):
            method(exercise="a", calls=1, neighbors=2, starts_from=start, tasks=tasks)
