"""Control tokens: those of published tokenizers get a neutral form, and nothing else changes."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.text.control_tokens import (
    has_control_token,
    neutral,
    neutral_answer,
    neutral_forms,
    neutral_turn,
    token_pattern,
    without_tokens,
)

# Of Llama, Mistral, Gemma, Qwen, DeepSeek, gpt-oss, GLM, Kimi, MiniMax, Seed, EXAONE, BERT, T5.
_DECLARED = (
    "<|im_end|> <|im_start|> <|im_sep|> <|endoftext|> <|begin_of_text|> <|eot_id|> <|eot|>"
    " <|start_header_id|> <|reserved_special_token_0|> <s> </s> <unk> <pad> <bos> <eos> <mask>"
    " [INST] [/INST] <<SYS>> <</SYS>> [SYSTEM_PROMPT] [TOOL_CALLS] [AVAILABLE_TOOLS] [THINK]"
    " [/THINK] <start_of_turn> <end_of_turn> <|turn> <turn|> <unused12> <think> </think>"
    " <tool_call> </tool_call> <|vision_start|> <｜begin▁of▁sentence｜> <｜end▁of▁sentence｜>"
    " <｜User｜> <｜▁pad▁｜> <|start|> <|channel|> <|message|> <|end|> <|return|> <|call|> [gMASK]"
    " <sop> <arg_key> <|im_user|> ]~b] ]!p~[ [e~[ </mm:think> <minimax:tool_call> <seed:think>"
    " [|endofturn|] [|user|] [CLS] [SEP] [MASK] [PAD] <extra_id_0> <fim_prefix> <|fim_middle|>"
)
TOKENS = _DECLARED.split()
OWN = ["⟨H≈0.3⟩", "?maybe?", "<source_3>", "</source_10>", '<ref name="source_1">', "</ref>"]
TEXTS = (
    "a<b and c>d",
    "<div>, <br> and <span class='s'>",
    "array[3], A[i][0], [1, 2]",
    "{{ name }}",
    "x<i>y",
    "A → B ● ○ ✓ ≈ ∴",
    "x |> f <| y",
    "‹ mot › et «mots»",
    "¿maybe no?",
    "[INSTANCE] [a]",
    "source_1.txt",
    "⟨ψ|φ⟩",
)


@pytest.mark.parametrize("token", [*TOKENS, *OWN])
def test_a_token_of_a_source_is_neutral_and_legible(token: str) -> None:
    text = f"It ends with {token}, they say."
    found: Counter[str] = Counter()
    changed = neutral(text, found)
    assert changed != text and len(changed) == len(text)
    assert found == {token: 1}
    assert neutral_forms(changed) == [changed[13 : 13 + len(token)]]
    assert token.strip("<>[]⟨⟩?") in changed
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert neutral(unicodedata.normalize(form, changed)) == unicodedata.normalize(form, changed)


@pytest.mark.parametrize("text", TEXTS)
def test_other_texts_stay_themselves(text: str) -> None:
    assert neutral(text) is text
    assert neutral_answer(text) == neutral_turn(text) == text
    assert neutral_forms(text) == []
    assert not has_control_token(text)


@pytest.mark.parametrize("token", TOKENS)
def test_an_answer_keeps_notation_and_leaves_thinking_to_its_method(token: str) -> None:
    text = f'A → B ⟨H≈0.3⟩ {token} <ref name="source_1">x</ref>'
    changed = neutral_answer(text)
    assert (token in changed) == (token in ("<think>", "</think>"))
    assert changed.startswith("A → B ⟨H≈0.3⟩") and changed.endswith('<ref name="source_1">x</ref>')


@given(
    st.lists(
        st.sampled_from([*TOKENS, *OWN, "<", ">", "[", "]", "|", "/", "s", "think", "\n", " ", "é"])
    ).map("".join)
)
def test_nothing_is_left_whatever_stands_beside(text: str) -> None:
    once = neutral(text)
    assert not has_control_token(once)
    assert neutral(once) == once and len(once) == len(text)
    turn = neutral_turn(text, thinks=False)
    assert not has_control_token(turn)
    assert not any(token in turn for token in TOKENS)


def test_a_turn_keeps_the_thinking_that_it_begins_with() -> None:
    said = "<think>\n2 → 3\n</think>\n3"
    assert neutral_turn(said) == said
    assert neutral_turn(said, thinks=False) == "‹think›\n2 → 3\n‹/think›\n3"
    assert neutral_turn(f"{said} {said}").count("<think>") == 1


def test_tokens_that_only_a_tokenizer_knows_are_broken() -> None:
    pattern = token_pattern(["<custom>", "<custom>x", "EOT!", "\n", "a"])
    assert without_tokens("a <custom>x EOT!\n", pattern) == "a ‹custom›x E OT!\n"
    assert token_pattern([]) is None and without_tokens("a", None) == "a"
