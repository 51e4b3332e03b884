"""Control tokens of chat models in a text, and how they are written so that they are none.

A tokenizer takes `<|im_end|>` for the end of a turn wherever it stands. Here each such token gets
brackets that look alike, `‹|im_end|›`: a reader sees the same, no tokenizer knows it, no Unicode
normalisation makes it the token again, and the text keeps its length.

The list follows what published tokenizers declare as special (Llama, Mistral, Gemma, Qwen, GLM,
DeepSeek, Kimi, MiniMax, Seed, EXAONE, Phi, Granite, gpt-oss, T5, BERT, StarCoder), and the marks
that rows of this project are built of. Its arrows and circles are characters like others and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

_NAMES = (  # in angle brackets, opening and closing
    "s|pad|unk|bos|eos|cls|sep|mask|sop|eop|eod|eot|think|think_on|think_off|tool_calls?"
    "|tool_responses?|arg_key|arg_value|(?:start|end)_of_(?:turn|image|audio)|image_soft_token"
    "|audio_soft_token|(?:start|end)_function_(?:call|declaration|response)|unused\\d+"
    "|extra_id_\\d+|reserved_\\d+|SPECIAL_\\d+|fim_(?:prefix|middle|suffix|pad)|file_sep"
    "|repo_name|reponame|gh_stars|(?:BOS|EOS|PAD|UNK|CLS|SEP|MASK|EOP)_TOKEN|tts_[a-z_]+"
    "|longcat_[a-z_]+|(?:seed|mm|minimax):[a-z_]+|role"
)
_SQUARE = (  # in square brackets, opening and closing
    "INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS|TOOL_CONTENT|ARGS|CALL_ID|THINK"
    "|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX|MODEL_SETTINGS"
    "|CLS|SEP|PAD|UNK|MASK|BOS|EOS|gMASK|sMASK|unused\\d+|(?:start|end)_header_id"
    "|\\|(?:system|user|assistant|tool|endofturn)\\|"
)
_CONTROL = (
    r"<[|｜][^\s<>|｜]{1,80}[|｜]>"  # nearly all newer models
    r"|<\|[a-z_]{2,40}>|<[a-z_]{2,40}\|>"  # Gemma's turns
    rf"|</?(?:{_NAMES})>"
    r"|<<\/?SYS>>"
    rf"|\[/?(?:{_SQUARE})\]"
    r"|\][~!][a-z]{1,2}[~!]?[\]\[]|\[e~\[|\]<\][a-z]{1,20}\[>\["  # MiniMax
)
# Of a row: where a source begins, a citation, entropy, speculation.
_OWN = r"|</?source_\d{1,2}>|<ref\s[^<>]{0,200}>|</ref>|⟨H≈\d\.\d⟩|\?maybe\?"
_TOKEN = re.compile(_CONTROL)
_SOURCE_TOKEN = re.compile(_CONTROL + _OWN)
_THINK = re.compile(r"</?think>")
_ALIKE = str.maketrans("<>[]⟨⟩?", "‹›⟦⟧‹›¿")
_BACK = str.maketrans("‹›⟦⟧", "<>[]")
_NEUTRAL = re.compile(rf"{_CONTROL}{_OWN}|<H≈\d\.\d>|¿maybe¿")  # after _BACK


def _suspicious(text: str) -> bool:
    """Most texts hold no bracket; this tells it faster than a pattern does."""
    return "<" in text or "[" in text or "]" in text


def has_control_token(text: str) -> bool:
    """Whether some tokenizer would take a part of the text for a control token.

    >>> has_control_token("ends with <|im_end|>"), has_control_token("a<b and <div>")
    (True, False)
    """
    return _suspicious(text) and _TOKEN.search(text) is not None


def holds_source_token(text: str) -> bool:
    """Whether `neutral` would change the text."""
    return _may_hold_source_token(text) and _SOURCE_TOKEN.search(text) is not None


def _may_hold_source_token(text: str) -> bool:
    return _suspicious(text) or "⟨" in text or ("?" in text and "?maybe?" in text)


def neutral(text: str, found: Counter[str] | None = None) -> str:
    """A source's text with control tokens, and marks of our own rows, in their neutral form.

    Characters are exchanged one for one, so that offsets hold; any other text comes back itself.

    Args:
        text: of an article, a document, an instruction, a problem.
        found: gets the tokens that were there, as they were.

    >>> neutral("A turn ends with <|im_end|>, [/INST] or </s>.")
    'A turn ends with ‹|im_end|›, ⟦/INST⟧ or ‹/s›.'
    """
    if not _may_hold_source_token(text):
        return text
    return _exchanged(_SOURCE_TOKEN, text, found)


def neutral_answer(text: str) -> str:
    """As `neutral`, of what a model wrote: notation and citations are what it was asked for, and
    marks of thinking are its method's to judge.

    >>> neutral_answer('</think> so <ref name="source_1">it</ref> ends<|im_end|>')
    '</think> so <ref name="source_1">it</ref> ends‹|im_end|›'
    """
    if not _suspicious(text):
        return text
    return _TOKEN.sub(
        lambda m: m.group() if _THINK.fullmatch(m.group()) else m.group().translate(_ALIKE), text
    )


def neutral_values(value: Any) -> Any:
    """`neutral_answer` of every string of a parsed JSON value, whose escapes are resolved by then.

    >>> neutral_values({"answer": "ends<|im_end|>", "n": [1, "two"]})
    {'answer': 'ends‹|im_end|›', 'n': [1, 'two']}
    """
    if isinstance(value, str):
        return neutral_answer(value)
    if isinstance(value, dict):
        return {key: neutral_values(item) for key, item in value.items()}
    return [neutral_values(item) for item in value] if isinstance(value, list) else value


def neutral_turn(text: str, *, thinks: bool = True) -> str:
    r"""A row's text without control tokens but, where it `thinks`, for the thinking that it begins
    with.

    >>> neutral_turn("<think>\n2 <s> 3\n</think>\nIt is </think> 5.<|im_end|>")
    '<think>\n2 ‹s› 3\n</think>\nIt is ‹/think› 5.‹|im_end|›'
    """
    if not _suspicious(text):
        return text
    if thinks and text.startswith(_OPEN):
        thought, end, said = text.removeprefix(_OPEN).partition(_CLOSE)
        if end:
            return f"{_OPEN}{_plain(thought)}{_CLOSE}{_plain(said)}"
    return _plain(text)


_OPEN, _CLOSE = "<think>\n", "\n</think>\n"


def _plain(text: str) -> str:
    return _exchanged(_TOKEN, text, None)


def _exchanged(pattern: re.Pattern[str], text: str, found: Counter[str] | None) -> str:
    if found is None:
        return pattern.sub(lambda match: match.group().translate(_ALIKE), text)

    def alike(match: re.Match[str]) -> str:
        found[match.group()] += 1
        return match.group().translate(_ALIKE)

    return pattern.sub(alike, text)


def neutral_tree(value: Any, found: Counter[str] | None = None) -> Any:
    """`neutral` of every string of a parsed YAML or JSON value; keys stay.

    >>> neutral_tree({"text": ["<s>", 3]})
    {'text': ['‹s›', 3]}
    """
    if isinstance(value, str):
        return neutral(value, found)
    if isinstance(value, dict):
        return {key: neutral_tree(item, found) for key, item in value.items()}
    return [neutral_tree(item, found) for item in value] if isinstance(value, list) else value


def neutral_forms(text: str) -> list[str]:
    """The control tokens that stand in the text in their neutral form, in order.

    >>> neutral_forms("ends with ‹|im_end|› in ‹guillemets›")
    ['‹|im_end|›']
    """
    if not ("‹" in text or "⟦" in text or "⟧" in text or "¿m" in text):
        return []
    back = text.translate(_BACK)
    spans = (match.span() for match in _NEUTRAL.finditer(back))
    return [text[at:end] for at, end in spans if text[at] == "¿" or text[at] != back[at]]


def token_pattern(tokens: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of a tokenizer's own special tokens, for `without_tokens`; None where it has none.

    Tokens of a single character and of white space are left out.
    """
    known = {token for token in tokens if len(token.strip()) > 1}
    longest_first = sorted(known, key=lambda token: (-len(token), token))
    return re.compile("|".join(map(re.escape, longest_first))) if known else None


def without_tokens(text: str, pattern: re.Pattern[str] | None) -> str:
    """The text with these tokens broken: by their brackets, or by a blank where they have none.

    >>> pattern = token_pattern(["<custom>", "▁EOT"])
    >>> without_tokens("a <custom> b [X] c ▁EOT", pattern)
    'a ‹custom› b [X] c ▁ EOT'
    """
    return text if pattern is None else pattern.sub(lambda match: _broken(match.group()), text)


def _broken(token: str) -> str:
    alike = token.translate(_ALIKE)
    return alike if alike != token else f"{token[:1]} {token[1:]}"
