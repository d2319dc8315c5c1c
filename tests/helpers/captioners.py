"""Tiny captioners with random weights, saved as the hub has them; and a server that answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BERT_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "photo", "dog", "cat", "hat"]
BART_WORDS = ["<s>", "<pad>", "</s>", "<unk>", "<image>", "a", "dog", "red", "hat", "what"]
SAID = "dog"  # all that the tiny captioners ever say


def write_blip(folder: Path) -> Path:
    """BLIP of one layer, for pictures of 32 pixels."""
    import torch
    from transformers import (
        BertTokenizer,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    small = {"hidden_size": 16, "intermediate_size": 32, "projection_dim": 16}
    small |= {"num_hidden_layers": 1, "num_attention_heads": 2}
    words = {"vocab_size": len(BERT_WORDS), "encoder_hidden_size": 16}
    words |= {"max_position_embeddings": 64, "pad_token_id": 0, "bos_token_id": 2}
    words |= {"eos_token_id": 3, "sep_token_id": 3}
    config = BlipConfig(
        text_config=small | words,
        vision_config=small | {"image_size": 32, "patch_size": 16},
        projection_dim=16,
        image_text_hidden_size=16,
    )
    torch.manual_seed(0)
    model = BlipForConditionalGeneration(config)
    with torch.no_grad():
        model.text_decoder.cls.predictions.decoder.weight.zero_()
        model.text_decoder.cls.predictions.bias[BERT_WORDS.index(SAID)] = 9
    tokenizer = BertTokenizer(vocab={word: n for n, word in enumerate(BERT_WORDS)})
    images = BlipImageProcessor(size={"height": 32, "width": 32})
    model.save_pretrained(folder)
    BlipProcessor(images, tokenizer).save_pretrained(folder)
    return folder


def write_florence(folder: Path) -> Path:
    """Florence-2 of two stages and one layer, for pictures of 32 pixels."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
        PreTrainedTokenizerFast,
    )

    words = {word: n for n, word in enumerate(BART_WORDS)}
    splitter = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    splitter.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=splitter,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        extra_special_tokens={"image_token": "<image>"},
    )
    layers = {f"{side}_{what}": n for side in ("encoder", "decoder")
              for what, n in (("layers", 1), ("attention_heads", 2), ("ffn_dim", 32))}  # fmt: skip
    marks = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    text = {"model_type": "bart", "vocab_size": len(words), "d_model": 16, **layers, **marks}
    vision = {"depths": [1, 1], "patch_size": [7, 3], "patch_stride": [4, 2]}
    vision |= {"patch_padding": [3, 1], "patch_prenorm": [False, True], "embed_dim": [8, 16]}
    vision |= {"num_heads": [2, 2], "num_groups": [2, 2], "window_size": 4, "projection_dim": 16}
    torch.manual_seed(0)
    config = Florence2Config(
        text_config=text | {"max_position_embeddings": 600, "forced_eos_token_id": 2},
        vision_config=vision,
        image_token_id=words["<image>"],
    )
    model = Florence2ForConditionalGeneration(config)
    with torch.no_grad():
        decoder = model.model.language_model.decoder
        last = decoder.layers[-1].final_layer_norm
        last.weight.zero_()
        last.bias.copy_(20 * model.lm_head.weight[words[SAID]])
    images = CLIPImageProcessor(size={"height": 32, "width": 32}, do_center_crop=False)
    images.image_seq_length = 17  # 4 x 4 places and one for the whole
    model.save_pretrained(folder)
    Florence2Processor(images, tokenizer).save_pretrained(folder)
    return folder


class Answers:
    """What the server answers, in turn (the last one again and again), and what it was asked.

    An answer is a text, or (status, bytes); None is none at all for as long as the test lasts.
    """

    def __init__(self, *answers: object) -> None:
        self.left = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.over = threading.Event()

    def next(self) -> object:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def completion(content: object) -> bytes:
    """A text as OpenAI's chat protocol wraps it."""
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@contextmanager
def chat_server(*answers: object) -> Iterator[tuple[str, Answers]]:
    """(address that ends in /v1, answers) of a server on this machine."""
    kept = Answers(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.asked.append(json.loads(body))
            kept.headers.append(dict(self.headers))
            kept.paths.append(self.path)
            answer = kept.next()
            if answer is None:
                kept.over.wait(20)
                return
            status, data = answer if isinstance(answer, tuple) else (200, completion(answer))
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", "http://localhost:1/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", kept
    finally:
        kept.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
