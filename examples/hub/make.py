"""Makes examples/hub/data as datasets are laid out on the Hugging Face hub: python3 examples/hub/make.py (needs pyarrow)."""

import pathlib

import pyarrow
import pyarrow.parquet

WELL = (
    "The well in the courtyard of the old brewery gives water again. Workers who looked for a leaking pipe broke through "
    "a wall of brick and found the shaft, forty metres deep and dry as paper in every map since 1880. Within two days it "
    "had filled to the brim. The town will test the water for a year before anybody may drink it."
)
CLOCK = (
    "For the first time since the war the clock on the customs house strikes the hour. Its works had been taken apart "
    "and hidden in seven cellars, and the last wheel was found in a shed behind the school, where it held up a shelf. "
    "The watchmaker needed fourteen months and would not say what he was paid."
)
SEEDS = (
    "The library of the agricultural school lends seeds. Whoever takes a packet of beans or lettuce in spring brings one "
    "back in autumn from the plants that did best. Of three hundred packets last year two hundred and eighty came back, "
    "which is more than the library can say of its books."
)
FOOTER = "\n\nShare this story. Subscribe to our newsletter and never miss another one."
CONSENT = "We use cookies. By staying on this page you agree to all of them."

ROWS = [
    (WELL, "https://news.example/well", 0.98),
    (CLOCK, "https://news.example/clock", 0.97),
    (WELL + FOOTER, "https://mirror.example/2026/well?ref=home", 0.95),
    (SEEDS, "https://garden.example/seeds", 0.99),
    (CONSENT, "https://shop.example/", 0.61),
    (CLOCK.replace("fourteen", "forty"), "https://mirror.example/2026/clock", 0.96),
]

folder = pathlib.Path(__file__).parent / "data"
folder.mkdir(exist_ok=True)
for part in range(2):
    rows = ROWS[part * 3 : part * 3 + 3]
    table = pyarrow.table(
        {
            "text": [text for text, _, _ in rows],
            "id": [f"<urn:uuid:0000-{part}{at}>" for at in range(len(rows))],
            "dump": ["CC-MAIN-2026-18"] * len(rows),
            "url": [url for _, url, _ in rows],
            "date": ["2026-05-12T08:00:00Z"] * len(rows),
            "language": ["en"] * len(rows),
            "language_score": [score for _, _, score in rows],
            "token_count": [len(text.split()) for text, _, _ in rows],
        }
    )
    pyarrow.parquet.write_table(table, folder / f"train-0000{part}-of-00002.parquet", compression="zstd")
