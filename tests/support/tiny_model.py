"""A tiny llama model with untrained weights: real llama.cpp loads it, and it babbles made-up words."""

import hashlib
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float16]]
Tensor = Matrix | np.ndarray[tuple[int, ...], np.dtype[np.float32]]

BUILD = Path(__file__).parents[2] / "build"
SEED, VOCABULARY, CONTEXT = 7, 768, 8192
DIM, HIDDEN, LAYERS, HEADS, KV_HEADS = 64, 192, 2, 2, 1

START, END, THINK, THOUGHT = "<|im_start|>", "<|im_end|>", "<think>", "</think>"
CONTROL = ("<|unk|>", START, END)  # their ids are their places
TAGS = (THINK, THOUGHT)
NEVER, UNCUED, CERTAINTY = -8.0, -3.0, 0.5

TEMPLATE = (
    "{%- for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}"
    "{% if m.reasoning_content %}{{ '<think>' + m.reasoning_content + '</think>' }}{% endif %}"
    "{{ (m.content or '') + '<|im_end|>\\n' }}{% endfor -%}"
    "{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif -%}"
)
THINKING = "{% if add_generation_prompt %}{{ '<think>' if enable_thinking else '<think></think>' }}{% endif %}"


@dataclass(frozen=True, slots=True)
class Habit:
    """The model says the cue as often as the bias makes it, and then almost surely what comes then."""

    cue: str
    bias: float
    then: str


def tiny_model(folder: Path = BUILD, *, think: bool = False, endless: bool = False) -> Path:
    """Make the model, or find it where it was made before; the same parameters give the same bytes.

    Args:
        folder: where the file is kept, by default the checkout's `build`; made when missing.
        think: the model opens each reply with reasoning.
        endless: the model never ends a reply by itself; else it does after some dozens of tokens.
    """
    habits = ([] if endless else [Habit(".", 0.9, END)]) + ([Habit("?", 1.2, THOUGHT)] if think else [])
    template = TEMPLATE + (THINKING if think else "")
    made_of = Path(__file__).read_bytes() + repr(habits).encode()
    path = folder / f"tiny-model-{hashlib.sha256(made_of).hexdigest()[:12]}.gguf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")  # two test runs may make it at the same time
        _write(unfinished, template, habits)
        unfinished.replace(path)
    return path


def _write(path: Path, template: str, habits: list[Habit]) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(DIM)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(DIM // HEADS)
    writer.add_chat_template(template)
    tokenizer = _tokenizer()
    _add_vocabulary(writer, tokenizer)
    for name, tensor in _tensors(tokenizer, habits):
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    kinds = dict.fromkeys(CONTROL, gguf.TokenType.CONTROL) | dict.fromkeys(TAGS, gguf.TokenType.USER_DEFINED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([kinds.get(token, gguf.TokenType.NORMAL) for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_vocab_size(len(tokens))


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    # llama.cpp splits text the same way for the pre-tokenizer "gpt-2"
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[*CONTROL, *TAGS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_babble(random.Random(SEED)), trainer)
    return tokenizer


def _babble(rng: random.Random) -> Iterator[str]:
    """Made-up prose that can be pronounced, with some letters from farther away."""
    onsets, vowels, codas = (*"bdfgklmnprstv", "sh", "th", "tr"), "aeiou", ("", *"nrst", "nd")
    words = [
        "".join(rng.choice(onsets) + rng.choice(vowels) + rng.choice(codas) for _ in range(rng.choice((1, 2, 2, 3))))
        for _ in range(300)
    ]
    words += ["**bold**", "`code`", "naïve", "café", "日本語", "🙂"] * 3
    for _ in range(800):
        yield " ".join(rng.choices(words, k=rng.randint(4, 12))) + rng.choice((".", "?", ",", "\n\n"))


def _tensors(tokenizer: Tokenizer, habits: list[Habit]) -> Iterator[tuple[str, Tensor]]:
    """All weights; channel 0 of the residual stream stays constant, so that `output[:, 0]` is a bias per token."""
    rng = np.random.default_rng(SEED)

    def matrix(rows: int, columns: int, scale: float = 1.0) -> Matrix:
        weights: Matrix = (rng.standard_normal((rows, columns)) * scale / columns**0.5).astype(np.float16)
        return weights

    ones = np.ones(DIM, dtype=np.float32)
    size = tokenizer.get_vocab_size()
    embedding = matrix(size, DIM, scale=DIM**0.5)
    embedding[:, 0] = 4
    yield "token_embd.weight", embedding
    for block in (f"blk.{number}" for number in range(LAYERS)):
        into_stream = {"attn_output": matrix(DIM, DIM), "ffn_down": matrix(DIM, HIDDEN)}
        for weights in into_stream.values():
            weights[0] = 0
        kv_dim = DIM // HEADS * KV_HEADS
        rows = {"attn_q": DIM, "attn_k": kv_dim, "attn_v": kv_dim, "ffn_gate": HIDDEN, "ffn_up": HIDDEN}
        norms = {"attn_norm": ones, "ffn_norm": ones}
        for name, tensor in (into_stream | norms | {name: matrix(rows[name], DIM) for name in rows}).items():
            yield f"{block}.{name}.weight", tensor
    yield "output_norm.weight", ones
    yield "output.weight", _output(tokenizer, habits, embedding, matrix(size, DIM, scale=1.5))


def _output(tokenizer: Tokenizer, habits: list[Habit], embedding: Matrix, output: Matrix) -> Matrix:
    """What is said next: anything, except marks and pieces of characters."""
    rare = [number for number in range(len(output)) if not _is_text(tokenizer.decode([number]))]
    output[:, 0] = 0
    output[rare] = 0
    output[rare, 0] = NEVER
    for habit in habits:
        cue, then = tokenizer.token_to_id(habit.cue), tokenizer.token_to_id(habit.then)
        output[cue, 0] = habit.bias
        output[then] = embedding[cue] * CERTAINTY
        output[then, 0] = UNCUED
    return output


def _is_text(decoded: str) -> bool:
    """Marks decode to nothing, pieces of characters to the replacement character."""
    return bool(decoded) and "\ufffd" not in decoded and decoded.strip("\n").isprintable()
