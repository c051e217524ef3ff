"""Words: one word for one thing, no filler; links that lead somewhere."""

import re
from pathlib import Path

from tools.hygiene.chapter import Chapter, Findings, outputs, rule
from tools.hygiene.prose import FENCE, LINK

REFUSED = {
    r"optimis(?:er|ers|ation)": "write optimizer, as PyTorch does",
    r"simply": "leave it out",
    r"let(?:'|’)?s? (?:us )?(?:dive|delve)": "begin with the thing itself",
    r"div(?:e|ing) (?:in|into|deep|deeper)": "begin with the thing itself",
    r"delv(?:e|es|ing)": "say what is done",
    r"obviously|trivial(?:ly)?|needless to say|of course|as we all know": (
        "what is plain to one reader is not to another"
    ),
    r"mini ?batch(?:es)?": "write mini-batch",
    r"congratulations|well done|great job|awesome|amazing(?:ly)?": "no praise",
    r"learning-rate": "write learning rate",
    r"computational graph": "write graph",
}
PATTERNS = [
    (re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), advice)
    for words, advice in REFUSED.items()
]
EMOJI = re.compile("[\U0001f300-\U0001faff✅✨❌⭐⚡]")


@rule
def plain_words(chapter: Chapter) -> Findings:
    """None of the refused words, emoji or rows of exclamation marks."""
    for number, cell in chapter.cells:
        printed = outputs(cell) if cell.cell_type == "code" else ()
        texts = [cell.source, *(text for kind, text in printed if kind == "stdout")]
        for text in texts:
            for pattern, advice in PATTERNS:
                if match := pattern.search(text):
                    yield number, f"`{match[0]}`: {advice}."
            if match := EMOJI.search(text):
                yield number, f"`{match[0]}`: no emoji."
            if "!!" in FENCE.sub("", text):
                yield number, "`!!`: one mark is enough, none is better."


@rule
def links(chapter: Chapter) -> Findings:
    """Links within the course lead to files that exist."""
    for number, cell in chapter.markdown:
        for _, _, target in LINK.findall(FENCE.sub("", cell.source)):
            if re.match(r"(?:https?:|mailto:|#|data:|attachment:)", target):
                continue
            if not (chapter.path.parent / target.partition("#")[0]).exists():
                yield (
                    number,
                    f"`{Path(target).name}` does not exist. Name it without a link "
                    "until it is written.",
                )


@rule
def pictures_at_hand(chapter: Chapter) -> Findings:
    """Pictures in markdown come with the course and have a text in their place."""
    for number, cell in chapter.markdown:
        sources = [target for mark, _, target in LINK.findall(cell.source) if mark]
        sources += re.findall(r"<img[^>]*src=[\"']([^\"']+)", cell.source)
        for target in sources:
            if re.match(r"(?:https?:)?//", target):
                yield number, f"`{target}` is fetched from elsewhere. Draw it in code."
        if re.search(r"!\[\s*\]\(", cell.source):
            yield number, "A picture without a text in its place: `![what it shows]`."
