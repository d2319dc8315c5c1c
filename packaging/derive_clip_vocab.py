"""Derives resources/clip from OpenAI CLIP's vocabulary, found in the PyPI package open_clip_torch.

python packaging/derive_clip_vocab.py open_clip_torch-3.3.0-py3-none-any.whl
"""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from pathlib import Path

SOURCE = "open_clip/bpe_simple_vocab_16e6.txt.gz"
TARGET = Path(__file__).resolve().parents[1] / "resources" / "clip"
# openai/CLIP, simple_tokenizer.py: 49,152 symbols less 256 bytes less 2 marks.
MERGES = 49152 - 256 - 2
PRINTABLE = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
PRINTABLE += range(ord("®"), ord("ÿ") + 1)


def derive(wheel: Path) -> tuple[dict[str, int], list[str]]:
    """The vocabulary (symbol -> id) and the merges in order of rank."""
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(SOURCE)).decode("utf-8")
    merges = text.split("\n")[1 : MERGES + 1]
    # Bytes that don't print are stood for by the code points from 256 on.
    symbols = [chr(code) for code in PRINTABLE]
    symbols += [chr(256 + n) for n in range(256 - len(PRINTABLE))]
    symbols += [symbol + "</w>" for symbol in symbols]
    symbols += ["".join(merge.split()) for merge in merges]
    symbols += ["<|startoftext|>", "<|endoftext|>"]
    return {symbol: id_ for id_, symbol in enumerate(symbols)}, merges


def main() -> None:
    """Write vocab.json and merges.txt."""
    vocab, merges = derive(Path(sys.argv[1]))
    TARGET.mkdir(parents=True, exist_ok=True)
    text = json.dumps(vocab, ensure_ascii=False, separators=(",", ":"))
    (TARGET / "vocab.json").write_text(text + "\n", encoding="utf-8")
    lines = ["#version: 0.2", *merges]
    (TARGET / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
