"""SplitPassages and EmbedPassages: articles to passages on disk, and their vectors.

Texts lie in the run's files; between the stages go the files' names and numbers of rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import apache_beam as beam

from beam_synth.engines.embedders import make_embedder, make_tokenizer
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge.dump import PARTITIONS
from beam_synth.knowledge.embedding import embed_group
from beam_synth.knowledge.link_names import linked_names
from beam_synth.knowledge.passage_pieces import (
    SPLIT,
    linked_pages,
    merge_pieces,
    no_pieces,
    places_of,
    split_parts,
    write_pieces,
    write_places,
)
from beam_synth.knowledge.passages import Limits
from beam_synth.knowledge.vector_cache import VectorCache
from beam_synth.knowledge.vector_files import Languages, groups
from beam_synth.records import PassageFile, Reject, Tally
from beam_synth.storage.files import RunFolder
from beam_synth.storage.pieces import Piece
from transforms.accounting import METRICS, Accounted, Stage, batches, counted, rejected, tallied

EMBED = "EmbedPassages"


@dataclasses.dataclass(eq=False)
class SplitPassages(beam.PTransform):
    """Split the selected articles into passages, written once and bucketed by id.

    In: packed tables of ARTICLE_REF_SCHEMA. Out: a PassageFile (PASSAGE_SCHEMA, sorted by id) for
    each bucket, empty ones too. Counts: in are articles, out are passages. Rejects: `no_passage`.
    A worker holds `flush_bytes` of references and of passages, or one bucket's; with `pages` also
    the links of one group of body files, 50 bytes each, or 1/64 of the pages that have a name.
    """

    passages: Passages  # the length band: words at least, tokens at most
    run: str  # run directory or URL
    embedder: Model  # whose tokens limit a passage
    buckets: int  # of ids, a file each; more of them split what a worker holds
    flush_bytes: int = 8 << 20  # of passages that wait in a worker for their file
    held_out: bool = False  # whether HoldOutSections follows: the files are parts then
    # what pages that they link to are called in English, `extra[PAGES]` of ExpandWithWikidata
    pages: beam.PCollection[tuple[int, bytes]] | None = None

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        # Groups hold names of pieces: 0.1 KB for each 8 MB of references and bucket, and for each
        # 8 MB of passages and range of buckets.
        run = RunFolder(self.run)
        places = (
            refs
            | "Places" >> beam.Map(places_of)
            | "GatherPlaces" >> batches(self.flush_bytes, attrgetter("nbytes"))
            | "WritePlaces" >> beam.FlatMap(write_places, run, self.buckets)
        )
        split = (
            {"places": places, "links": self._links(places, run)}
            | "ByPart" >> beam.CoGroupByKey()
            | "Split" >> Accounted(SPLIT, _SplitParts(self))
        )
        pieces = (
            split.out
            | "Gather" >> batches(self.flush_bytes, attrgetter("nbytes"))
            | "WritePieces" >> beam.FlatMap(write_pieces, run, self.buckets)
        )
        every = refs.pipeline | "Buckets" >> beam.Create(no_pieces(self.buckets))
        merged = (
            (pieces, every)
            | "WithEmpty" >> beam.Flatten()
            | "ByBucket" >> beam.GroupByKey()
            | "Merge" >> beam.FlatMap(merge_pieces, run, self.buckets, self.held_out)
        )
        stage: Stage = dataclasses.replace(split, out=merged)
        return stage

    def _links(
        self, places: beam.PCollection[tuple[int, Piece]], run: RunFolder
    ) -> beam.PCollection[tuple[int, bytes]]:
        """The names of what the articles of each group link to; none where there is no dump."""
        if self.pages is None:
            none = beam.Create([]).with_output_types(tuple[int, bytes])
            nothing: beam.PCollection[tuple[int, bytes]] = places.pipeline | "NoLinks" >> none
            return nothing
        wanted = (
            places
            | "LinksByPart" >> beam.GroupByKey()
            | "LinkedPages" >> beam.FlatMap(linked_pages, run, PARTITIONS)
        )
        named: beam.PCollection[tuple[int, bytes]] = (
            {"wanted": wanted, "pages": self.pages}
            | "ByPage" >> beam.CoGroupByKey()
            | "LinkedNames"
            >> beam.FlatMap(lambda part: linked_names(part[1]["wanted"], part[1]["pages"]))
        )
        return named


class _SplitParts(beam.DoFn):
    """(group of body files, its references' pieces and its links' names) -> tables of passages."""

    def __init__(self, config: SplitPassages) -> None:
        self._run = RunFolder(config.run)
        self._embedder = config.embedder
        self._limits = Limits(config.passages.min_words, config.passages.max_tokens)

    def setup(self) -> None:
        self._tokenizer = make_tokenizer(self._embedder)

    def process(self, group: tuple[int, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        tally, held = Tally(), group[1]
        for piece in split_parts(
            self._run, held["places"], self._tokenizer, self._limits, tally, held["links"]
        ):
            yield rejected(piece) if isinstance(piece, Reject) else piece
        yield from map(tallied, tally.counts())


@dataclasses.dataclass(eq=False)
class EmbedPassages(beam.PTransform):
    """One vector for each passage that may need it, in the order of its file.

    In: PassageFiles. Out: EmbeddedFiles: float32[n, d] of unit norm as .npy. In and out of the
    accounts are passages; nothing is rejected: those of other languages pass without a vector. A
    file that a former attempt has finished is taken as it is, vectors in the cache as they are. The
    embedder is loaded once a worker. `extra["metrics"]` are addends: `embedding.vectors`, and, with
    a cache, `embedding.from_cache`, those of them that the finishing attempt took from it.
    """

    embedder: Model  # its dimension is d
    run: str  # run directory or URL
    languages: Languages = None  # of the passages that get a vector; None: all
    cache: str | None = None  # folder or URL; None: no cache
    group_rows: int = 512  # passages embedded together at least, so that batches fill

    def expand(self, files: beam.PCollection[PassageFile]) -> Stage:
        # One group of all buckets: 0.1 KB each.
        stage: Stage = (
            files
            | "Gather" >> beam.combiners.ToList()
            | "Group" >> beam.FlatMap(groups, self.group_rows)
            | "Spread" >> beam.Reshuffle()
            | "Embed" >> Accounted(EMBED, _Embed(self), extra=[METRICS])
        )
        return stage


class _Embed(beam.DoFn):
    """[PassageFile, ...] -> EmbeddedFile."""

    def __init__(self, config: EmbedPassages) -> None:
        self._run = RunFolder(config.run)
        self._model = config.embedder
        self._languages = config.languages
        self._folder = config.cache

    def setup(self) -> None:
        self._embedder = make_embedder(self._model)
        self._cache = None
        if self._folder is not None:
            self._cache = VectorCache.of(self._folder, self._embedder)

    def process(self, group: list[PassageFile]) -> Iterator[Any]:
        done = embed_group(group, self._run, self._embedder, self._languages, self._cache)
        for file in done.files:
            yield file
            yield from counted(EMBED, file.rows, file.rows)
        yield beam.pvalue.TaggedOutput(METRICS, ("embedding.vectors", done.vectors))
        if self._cache is not None:
            yield beam.pvalue.TaggedOutput(METRICS, ("embedding.from_cache", done.from_cache))
