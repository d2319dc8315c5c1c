"""Wishes reach the loop once, also while it waits."""

from __future__ import annotations

import threading

from trainer.control import COMMANDS, Control


def test_a_save_and_a_sample_are_taken_once() -> None:
    control = Control()
    control.save_now()
    control.save_now()
    control.sample_now()
    assert (control.take_save(), control.take_save()) == (True, False)
    assert (control.take_sample(), control.take_sample()) == (True, False)


def test_a_stop_ends_a_pause() -> None:
    control = Control()
    control.pause()
    assert control.paused
    control.stop()
    assert not control.paused
    assert control.stopping
    control.wait_while_paused()


def test_a_waiting_loop_wakes_for_a_save_and_for_the_resume() -> None:
    control = Control()
    control.pause()
    seen: list[str] = []
    saved = threading.Event()

    def loop() -> None:
        while control.paused:
            control.wait_while_paused()
            if control.take_save():
                seen.append("saved")
                saved.set()
        seen.append("resumed")

    thread = threading.Thread(target=loop)
    thread.start()
    COMMANDS["save_now"](control)
    assert saved.wait(30)
    COMMANDS["resume"](control)
    thread.join(30)
    assert seen == ["saved", "resumed"]


def test_a_stop_after_the_epoch_ends_no_pause_and_is_not_yet_a_stop() -> None:
    control = Control()
    control.pause()
    control.stop_after_epoch()
    assert (control.stopping_after_epoch, control.stopping, control.paused) == (True, False, True)


def test_every_verb_has_a_word() -> None:
    assert set(COMMANDS) == {
        *("stop", "stop_after_epoch", "pause", "resume", "save_now", "sample_now"),
    }
