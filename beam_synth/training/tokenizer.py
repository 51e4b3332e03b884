"""A byte-level BPE tokenizer trained on the run; every mark of the notation is one token.

Byte-level BPE as in GPT-2 (Radford et al. 2019, section 2.2): no text is unknown to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

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


def chat_text(messages: Iterable[dict[str, str]]) -> str:
    r"""Messages in ChatML, as the tokenizer's own chat template renders them.

    >>> chat_text([{"role": "user", "content": "Who?"}])
    '<|im_start|>user\nWho?<|im_end|>\n'
    """
    return "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)


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
