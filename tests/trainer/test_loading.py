"""Loading torch beside others: the collector rests meanwhile, and leaves out what came."""

from __future__ import annotations

from tests.helpers.processes import run_python


def test_what_was_imported_is_left_out_of_collections() -> None:
    told = run_python(
        "import gc\n"
        "from trainer.loading import beside_others\n"
        "with beside_others():\n"
        "    print(gc.isenabled())\n"
        "    import wave\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 1000)\n"
    )
    assert told.split() == ["False", "True", "True"]


def test_once_torch_is_there_nothing_is_done() -> None:
    told = run_python(
        "import gc, sys, types\n"
        "from trainer.loading import beside_others\n"
        "sys.modules['torch'] = types.ModuleType('torch')\n"
        "with beside_others():\n"
        "    print(gc.isenabled())\n"
        "print(gc.get_freeze_count())\n"
    )
    assert told.split() == ["True", "0"]


def test_it_works_where_torch_is_not_installed() -> None:
    told = run_python(
        "import trainer.loading\n"
        "trainer.loading.find_spec = lambda _name: None\n"
        "with trainer.loading.beside_others():\n"
        "    print('here')\n"
    )
    assert told.split() == ["here"]
