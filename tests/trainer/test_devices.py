"""The device and precision of a run, and what an exhausted memory looks like."""

from __future__ import annotations

import os

import pytest
import torch

from trainer import devices
from trainer.errors import TrainerError

CPU = torch.device("cpu")


def test_the_processor_computes_in_the_precision_that_was_asked_for() -> None:
    assert devices.choose("cpu", "no") == devices.Compute(CPU, "no")
    assert devices.choose("cpu", "bf16").dtype == torch.bfloat16


def test_auto_takes_bf16_on_a_processor_only_where_it_has_instructions_for_it() -> None:
    known = torch.cpu.get_capabilities()
    fast = bool(known.get("avx512_bf16") or known.get("amx_bf16"))
    assert devices.choose("cpu", "auto").precision == ("bf16" if fast else "no")


def test_what_was_left_open_is_explained_and_what_was_set_is_not() -> None:
    assert devices.choose("cpu", "bf16").notes == ()
    (why,) = devices.choose("cpu", "auto").notes
    assert why.startswith("Trains in ")
    assert why.endswith("bf16.") == ("float32" in why)
    assert len(devices.choose("auto", "auto").notes) == 2


def test_fp16_on_the_processor_is_refused_with_what_to_set() -> None:
    with pytest.raises(TrainerError, match="cannot train in fp16") as caught:
        devices.choose("cpu", "fp16")
    assert "mixed_precision" in caught.value.hint


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(TrainerError, match='"cuda" was asked for'):
        devices.choose("cuda", "auto")


def test_autocast_computes_products_in_half_precision() -> None:
    matrix = torch.ones(4, 4)
    with devices.Compute(CPU, "bf16").autocast():
        assert (matrix @ matrix).dtype == torch.bfloat16
    with devices.Compute(CPU, "no").autocast():
        assert (matrix @ matrix).dtype == torch.float32


def test_threads_leave_one_core_free_unless_they_are_set() -> None:
    compute = devices.Compute(CPU, "no")
    try:
        devices.set_up(compute, 0)
        assert torch.get_num_threads() == max(1, (os.cpu_count() or 2) - 1)
    finally:
        devices.set_up(compute, 1)
    assert torch.get_num_threads() == 1


def test_an_exhausted_memory_is_told_from_other_faults() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert devices.is_out_of_memory(caught.value)
    assert devices.is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert not devices.is_out_of_memory(RuntimeError("shapes do not fit"))


def test_a_tensor_is_brought_to_the_device_as_it_is() -> None:
    tensor = torch.arange(3)
    assert torch.equal(devices.Compute(CPU, "no").bring(tensor), tensor)


def test_a_library_without_memory_of_the_device_counts_as_out_of_memory() -> None:
    error = RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`")
    assert devices.is_out_of_memory(error)
