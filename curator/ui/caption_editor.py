"""One picture's caption: chips, a line that adds to them, free text, or all of it as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.caption_chips import chips_of
from curator.core.caption_chunks import CHUNK, Chunks, chunks_of
from curator.core.captions import split_caption, split_tags, with_tags, with_text
from curator.core.edits import SET, SETTING, Edit
from curator.core.readable import count
from curator.core.tag_moves import moved, removed, replaced, switched, with_new
from curator.core.triggers import triggers_of
from curator.ui.caption_draft import CaptionDraft
from curator.ui.caption_text import CaptionText
from curator.ui.chips import ChipsView
from curator.ui.context import Context
from curator.ui.tag_completer import AddLine
from curator.ui.tag_words import TagWords
from curator.ui.theme import PLAIN, STEP_PX, WARNING

ADD = "Add tags; a comma or Enter ends one"
FREE = "Sentences about the picture, for models that read them. They stand below the tags."
TOKENS_TIP = "Text encoders read 75 tokens at a time. A line stands where each 75 are full."
RAW_TIP = "The caption as its file has it: tags in the first line, sentences below it"


class CaptionEditor(QWidget):
    """Shows the current picture's caption and takes what is typed."""

    left = Signal()  # the person wants back to the pictures

    def __init__(self, context: Context, words: TagWords) -> None:
        super().__init__()
        self._context = context
        self.draft = CaptionDraft(context)
        self._seen = ""  # the caption that the chips show
        self.triggers: Sequence[str] = ()
        self.chips = ChipsView(context.theme, words)
        self.line = AddLine(context.theme, words, ADD, "Add tags")
        self.text = CaptionText(context.theme, "Sentences about the picture", FREE)
        self.raw = CaptionText(context.theme, "The caption as its file has it")
        self.tokens = QLabel()
        self.raw_button = QToolButton()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.tokens.setToolTip(TOKENS_TIP)
        self.raw_button.setText("Raw")
        self.raw_button.setToolTip(RAW_TIP)
        self.raw_button.setCheckable(True)
        top = QHBoxLayout()
        top.addWidget(self.tokens, 1)
        top.addWidget(self.raw_button)
        tags = QWidget()
        upper = QVBoxLayout(tags)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(STEP_PX)
        upper.addWidget(self.chips, 1)
        upper.addWidget(self.line)
        both = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        both.addWidget(tags)
        both.addWidget(self.text)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 1)
        self._pages.addWidget(both)
        self._pages.addWidget(self.raw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        chips, draft = self.chips, self.draft
        chips.removed.connect(self._remove)
        chips.replaced.connect(lambda at, text: self._put(lambda tags: replaced(tags, at, text)))
        chips.moved.connect(self._move)
        chips.switched.connect(self._switch)
        chips.pasted.connect(self.add)
        chips.typed.connect(self._type_into_line)
        chips.left.connect(self.line.setFocus)
        chips.painter.closeEditor.connect(self._show)
        self.line.given.connect(self.add)
        self.line.left_empty.connect(self._leave_line)
        self.text.typed.connect(
            lambda text: draft.type(draft.caption, with_text(draft.caption, text))
        )
        self.raw.typed.connect(lambda text: draft.type(draft.caption, text))
        for text in (self.text, self.raw):
            text.left.connect(draft.keep)
        self.raw_button.toggled.connect(self._show_raw)
        draft.changed.connect(self._show)
        self._context.edited.connect(self._hear)

    # -- which picture

    def look(self) -> None:
        """Show the current picture, and keep what was typed about the one before."""
        image = self._context.current
        before = self.draft.image
        if (image and image.id) != (before and before.id):
            self.keep()
            self.draft.show(image)
            self.chips.clearSelection()

    def keep(self) -> None:
        """Write down what was typed."""
        self.chips.finish_editing()
        self.line.finish()
        self.draft.keep()

    def begin(self) -> None:
        """Put the keyboard where one types."""
        (self.raw if self.raw_button.isChecked() else self.line).setFocus()

    def _hear(self, edit: Edit) -> None:
        if any(record in (SET, SETTING) for record, _field in edit.touched):
            self._show()

    # -- what is shown

    def _show(self) -> None:
        if self.chips.is_editing:
            return  # once that is done
        context, image, caption = self._context, self.draft.image, self.draft.caption
        self.setEnabled(image is not None)
        self._seen = caption
        sets = {one.id: one for one in context.project.sets()} if image and image.set_id else {}
        in_set = sets.get(image.set_id or 0) if image else None
        self.triggers = triggers_of(context.project.settings, in_set)
        self.chips.show_chips(chips_of(caption, image.tag_sources, self.triggers) if image else [])
        self.text.show_text(split_caption(caption)[1])
        self.raw.show_text(caption)
        context.read(lambda: chunks_of(caption), self._show_chunks, key="tokens")

    def _show_chunks(self, chunks: Chunks) -> None:
        is_over = chunks.tokens > CHUNK
        words = f"{chunks.tokens:,} of {chunks.room:,} tokens   {count(chunks.tags, 'tag')}"
        self.tokens.setText(words)
        self.tokens.setForegroundRole(WARNING if is_over else PLAIN)
        self.chips.chips.mark(chunks.after_tags)
        self.text.mark(chunks.in_text)

    def _show_raw(self, is_raw: bool) -> None:
        self.draft.keep()
        self._pages.setCurrentIndex(int(is_raw))
        self.begin()

    # -- what is done

    def _put(self, change: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Change the tags that the person sees, as one step."""
        tags = change(split_tags(self._seen))
        self.draft.put(self._seen, with_tags(self._seen, tags))

    def add(self, tags: Sequence[str]) -> None:
        """Add tags at the end; a trigger comes into its place."""
        self._put(lambda there: with_new(there, tags, self.triggers))
        self.chips.scrollToBottom()

    def _remove(self, places: Sequence[int], triggers: Sequence[str]) -> None:
        def without(tags: Sequence[str]) -> Sequence[str]:
            rest: Sequence[str] = removed(tags, places)
            for trigger in triggers:
                rest = switched(rest, trigger, self.triggers)
            return rest

        self._put(without)

    def _move(self, places: Sequence[int], to: int) -> None:
        self._put(lambda tags: moved(tags, places, len(tags) if to < 0 else to))

    def _switch(self, trigger: str) -> None:
        self._put(lambda tags: switched(tags, trigger, self.triggers))

    # -- from part to part

    def _type_into_line(self, letter: str) -> None:
        self.line.setFocus()
        self.line.insert(letter)
        self.line.textEdited.emit(self.line.text())

    def _leave_line(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.chips.take_keyboard(-1)
