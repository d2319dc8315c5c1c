"""The layers of a LoRA file: which type each is, its rank, and the two matrices it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import frexp, prod

import torch
from torch import Tensor

from trainer.errors import TrainerError

Parts = Mapping[str, Tensor]  # one layer's tensors by the names of `names.split`
# Numbers in the change of one layer, or in its matrices; the largest of SDXL has 15 million.
LIMIT = 2**28
_KINDS = {  # by the part that none of them can be without
    "lora_down": "lora",
    "hada_w1_a": "loha",
    "lokr_w1": "lokr",
    "lokr_w1_a": "lokr",
    "ia3": "ia3",
    "diff": "full",
    "w_norm": "norm",
    "oft_blocks": "oft",
    "oft_diag": "oft",
    "a1": "glora",
}
TITLES = {
    "lora": "LoRA",
    "locon": "LoCon",
    "loha": "LoHa",
    "lokr": "LoKr",
    "ia3": "IA3",
    "full": "full",
    "norm": "norms",
    "oft": "OFT",
    "glora": "GLoRA",
    "": "unknown",
}
FACTORED = ("lora", "loha", "lokr")  # types that come to two matrices, whatever the base model is


@dataclass(frozen=True, slots=True)
class Plain:
    """The matrices of a plain LoRA with the scale in them: the change is `up @ down`, float32.

    `up` is (out, rank), `down` is (rank, in * kernel), `kernel` the sides of a convolution's
    kernel, () for a linear layer.
    """

    up: Tensor
    down: Tensor
    kernel: tuple[int, ...] = ()

    @property
    def rank(self) -> int:
        """How many rows `down` has."""
        return int(self.down.shape[0])

    def product(self) -> Tensor:
        """The change of the weight, (out, in * kernel)."""
        return self.up @ self.down

    def parts(self) -> Parts:
        """The tensors of a file, in the shapes of sd-scripts; alpha is the rank: no scale."""
        ones = (1,) * len(self.kernel)
        return {
            "lora_down": self.down.reshape(self.rank, -1, *self.kernel),
            "lora_up": self.up.reshape(-1, self.rank, *ones),
            "alpha": torch.tensor(float(self.rank)),
        }


def kind_of(parts: Parts) -> str:
    """The type of a layer, a key of `TITLES`; "" for a bias alone or something unknown."""
    return next((kind for part, kind in _KINDS.items() if part in parts), "")


def needs_base(parts: Parts) -> bool:
    """Whether the layer scales the weight itself, so that its change depends on the base model."""
    return "dora_scale" in parts or kind_of(parts) == "ia3"


def rank_of(parts: Parts) -> int:
    """The rank as trainers count it; 0 for types, or whole matrices, that have none."""
    for part in ("lora_down", "hada_w1_b", "lokr_w1_b", "lokr_w2_b"):
        if part in parts:
            return int(parts[part].shape[0])
    return 0


def alpha_of(parts: Parts) -> float:
    """The alpha of a layer; a file without one means the rank (sd-scripts networks/lora.py)."""
    return float(parts["alpha"]) if "alpha" in parts else float(rank_of(parts))


def scale_of(parts: Parts) -> float:
    """alpha / rank; 1 without a rank, as LyCORIS does for a LoKr of two whole matrices."""
    rank = rank_of(parts)
    scalar = float(parts["scalar"]) if "scalar" in parts else 1.0
    return scalar * (alpha_of(parts) / rank if rank else 1.0)


def sizes(parts: Parts) -> tuple[int, int]:
    """(out, in * kernel) of the layer; 0 for what a type does not tell."""
    kind = kind_of(parts)
    if kind in FACTORED:
        factors = _factors({name: tensor.to("meta") for name, tensor in parts.items()})
        left, right = (_shape(pair) for pair in factors)
        joined = kind == "lokr"
        return (left[0] * right[0], left[1] * right[1]) if joined else left
    tensor = parts.get("diff", parts.get("w_norm"))
    if tensor is not None:
        return tensor.shape[0], prod(tensor.shape[1:])
    if kind == "ia3":
        count = parts["ia3"].numel()
        return (0, count) if on_input(parts) else (count, 0)
    return 0, 0


def plain(parts: Parts, kernel: tuple[int, ...] = ()) -> Plain:
    """The layer as two matrices, exactly, `dora_scale` apart.

    LoRA: up @ down; with `lora_mid` M (Tucker, LyCORIS locon.py), down becomes
    sum_q M[p, q, k, l] down[q, i]. LoHa (A1 @ B1) * (A2 @ B2), elementwise: its rows and columns
    are products of those of the halves, (A1 * A2)(B1 * B2) with every pair of ranks (Khatri-Rao).
    LoKr kron(A1 @ B1, A2 @ B2) = kron(A1, A2) @ kron(B1, B2) (the mixed-product rule). `kernel`
    is used where the tensors do not show it. Raises ValueError for other types.
    """
    kind = kind_of(parts)
    if kind not in FACTORED:
        raise ValueError(f"{TITLES[kind]} has no two matrices")
    floats = {name: tensor.float() for name, tensor in parts.items()}
    (up, down), (up2, down2) = _factors(floats)
    if kind == "loha":
        up = torch.einsum("oa,ob->oab", up, up2).flatten(1)
        down = torch.einsum("ai,bi->abi", down, down2).flatten(0, 1)
    if kind == "lokr":
        up, down = _kron(up, up2), _kron(down, down2)
    first, second = halves(scale_of(parts))
    sides = plain_kernel(parts) or kernel
    fits = down.shape[1] % prod(sides) == 0  # a stranger's file may call anything a convolution
    return Plain(up * first, down * second, sides if fits else ())


def halves(scale: float) -> tuple[float, float]:
    """Two factors of a scale of about the same size, the second a power of two.

    So neither of two matrices runs out of the range of float16, and nothing is rounded needlessly.
    """
    second = 2.0 ** (frexp(scale)[1] // 2)
    return scale / second, second


def check(name: str, parts: Parts) -> None:
    """Refuse a layer whose tensors do not fit each other, or that would grow beyond reason.

    Works on shapes alone, before anything is computed. Raises TrainerError.
    """
    try:
        out, wide = sizes(parts)
        rank = _exact_rank(parts)
        small = max(out * wide, rank * (out + wide)) <= LIMIT
        numbers = ("alpha", "scalar")
        single = all(parts[one].numel() == 1 for one in numbers if one in parts)
    except (RuntimeError, ValueError, IndexError, KeyError) as error:
        raise _damaged(name) from error
    if not (small and single):
        raise _damaged(name)


def scaled(parts: Parts, by: float) -> Parts:
    """The layer whose effect at weight 1 is that of `parts` at weight `by`.

    alpha * by where there is a rank, all else bit for bit; whole tensors times `by` where there is
    none, and for biases and IA3. Raises ValueError for DoRA, OFT and GLoRA, which are not linear
    in anything they hold.
    """
    kind = kind_of(parts)
    if "dora_scale" in parts or kind in ("oft", "glora"):
        raise ValueError("is not linear in its weight")
    changed = dict(parts)
    for part in ("diff", "diff_b", "w_norm", "b_norm", "ia3"):
        if part in parts:
            changed[part] = (parts[part].float() * by).to(parts[part].dtype)
    if rank_of(parts):
        changed["alpha"] = torch.tensor(alpha_of(parts) * by)
    elif "lokr_w1" in parts:
        changed["lokr_w1"] = (parts["lokr_w1"].float() * by).to(parts["lokr_w1"].dtype)
    return changed


def on_input(parts: Parts) -> bool:
    """Whether an IA3 layer scales what goes into its layer, not what comes out."""
    return "on_input" in parts and bool(parts["on_input"])


def _factors(parts: Parts) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """The one or two pairs of matrices (twice the same for LoRA), without the scale."""
    kind = kind_of(parts)
    if kind == "loha":
        first, second = (_half(parts, f"hada_w{at}", f"hada_t{at}") for at in (1, 2))
    elif kind == "lokr":
        first, second = (_half(parts, f"lokr_w{at}", f"lokr_t{at}") for at in (1, 2))
    else:
        up, down = parts["lora_up"], parts["lora_down"]
        if "lora_mid" in parts:
            rows = down.reshape(down.shape[0], -1)
            down = torch.einsum("pqkl,qi->pikl", parts["lora_mid"], rows)
        first = second = (up.reshape(up.shape[0], -1), down.reshape(down.shape[0], -1))
    for pair in (first, second):
        _shape(pair)
    return first, second


def _half(parts: Parts, stem: str, core: str) -> tuple[Tensor, Tensor]:
    """One of the two matrices of LoHa or LoKr as a product.

    Tucker (LyCORIS functional/general.py, rebuild_tucker): sum_ij t[i, j, k, l] a[i, p] b[j, r].
    """
    if stem in parts:
        whole = parts[stem].reshape(parts[stem].shape[0], -1)
        rows, columns = whole.shape
        eye = whole.new_zeros(min(rows, columns), min(rows, columns))
        if not eye.is_meta:  # torch would load its compiler to fill what has no numbers
            eye.fill_diagonal_(1)
        return (eye, whole) if rows <= columns else (whole, eye)
    a, b = parts[f"{stem}_a"], parts[f"{stem}_b"]
    if core in parts:
        return a.T, torch.einsum("ijkl,jr->irkl", parts[core], b).flatten(1)
    return a, b.reshape(b.shape[0], -1)


def _kron(left: Tensor, right: Tensor) -> Tensor:
    """torch.kron, which refuses some matrices that do not lie in one piece."""
    rows, columns = left.shape[0] * right.shape[0], left.shape[1] * right.shape[1]
    return torch.einsum("ab,cd->acbd", left, right).reshape(rows, columns)


def _shape(pair: tuple[Tensor, Tensor]) -> tuple[int, int]:
    """The shape of a product, that is not computed."""
    up, down = pair
    if up.dim() != 2 or down.dim() != 2 or up.shape[1] != down.shape[0] or not down.shape[0]:
        raise ValueError("two matrices do not fit each other")
    return int(up.shape[0]), int(down.shape[1])


def _exact_rank(parts: Parts) -> int:
    kind = kind_of(parts)
    if kind not in FACTORED:
        return 0
    first, second = _factors({name: tensor.to("meta") for name, tensor in parts.items()})
    rank = int(first[1].shape[0])
    return rank if kind == "lora" else rank * int(second[1].shape[0])


def plain_kernel(parts: Parts) -> tuple[int, ...]:
    """The kernel that the shapes of the tensors show, () where they show none."""
    for part in ("lora_mid", "lora_down", "hada_t1", "lokr_t2", "lokr_w2"):
        if part in parts and parts[part].dim() > 2:
            return tuple(parts[part].shape[2:])
    return ()


def _damaged(name: str) -> TrainerError:
    return TrainerError(
        f"The layer {name} is damaged: its tensors do not fit each other.",
        "Get the file again.",
    )
