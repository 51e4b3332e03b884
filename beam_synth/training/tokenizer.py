"""A byte-level BPE tokenizer trained on the run; every mark of the notation is one token.

Byte-level BPE as in GPT-2 (Radford et al. 2019, section 2.2): no text is unknown to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from beam_synth.text.control_tokens import neutral_turn, token_pattern, without_tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

Turn = Mapping[str, str]  # {"role": …, "content": …}

END = "<|endoftext|>"
CHAT = ("<|im_start|>", "<|im_end|>")
# Single tokens of the published tokenizers: delimiters, marks, entropy series, sources, references.
RESERVED: tuple[str, ...] = (
    "<think>",
    "</think>",
    *"→↺※●◐○⚠☐☑✓",
    "?maybe?",
    *(f"⟨H≈{tenth / 10:.1f}⟩" for tenth in range(1, 19)),
    *(f"source_{n}" for n in range(10, 0, -1)),
    '<ref name="',
    "</ref>",
)

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}{{ '\n' }}{% generation %}"
    "{{ message['content'] }}<|im_end|>{% endgeneration %}{{ '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant{{ '\n' }}{% endif %}"
)


def chat_text(messages: Iterable[Turn]) -> str:
    r"""Messages in ChatML, as the tokenizer's own chat template renders them.

    >>> chat_text([{"role": "user", "content": "Who?"}])
    '<|im_start|>user\nWho?<|im_end|>\n'
    """
    return "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)


class ContentEncoder:
    """Encodes what rows say with special tokens off, for any tokenizer of `transformers`.

    No id of a special token comes of a text; the marks of a chat's turns are put in by their ids.
    The token for what is unknown may be among the ids.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        added = tokenizer.added_tokens_decoder
        special = {*tokenizer.all_special_ids, *(i for i, token in added.items() if token.special)}
        self._special = special - {tokenizer.unk_token_id}
        tokens = tokenizer.convert_ids_to_tokens(sorted(self._special))
        self._pattern = token_pattern(map(str, tokens))

    def chat(self, messages: Sequence[Turn]) -> list[int]:
        """Token ids of messages in ChatML; without marks in them those of `chat_text`.

        The tokenizer has to know CHAT.
        """
        start, end = self._tokenizer.convert_tokens_to_ids(list(CHAT))
        line_end = self._encode("\n")
        ids: list[int] = []
        for turn in messages:
            said = neutral_turn(turn["content"], thinks=turn["role"] == "assistant")
            ids += [start, *self._plain(f"{turn['role']}\n{said}"), end, *line_end]
        return ids

    def text(self, text: str) -> list[int]:
        """Token ids of a text."""
        return self._plain(neutral_turn(text))

    def _plain(self, text: str) -> list[int]:
        ids = self._encode(text)
        if self._special.isdisjoint(ids):
            return ids
        # A vocabulary may know a special token as a word, too.
        return self._encode(without_tokens(text, self._pattern))

    def _encode(self, text: str) -> list[int]:
        encoded = self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)
        return list(encoded["input_ids"])


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Train byte-level BPE on `texts` with at most `vocabulary` ids.

    The ids include the 256 bytes, the special tokens (END and CHAT) and RESERVED; the reserved ones
    stay in decoded text. Texts are read once.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [END, *CHAT]
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(RESERVED),
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in RESERVED])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=None,
        eos_token=CHAT[1],
        pad_token=END,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )
