"""Each provider is asked as it wants to be asked, and its answers are read, whatever they hold."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from backend.agents.source_finder.providers import hosts_of, provider
from backend.agents.source_finder.work import Work, identities, merged, normal_doi, normal_url
from backend.settings import SOURCE_PROVIDERS
from backend.web.addresses import allowed_place
from tests.fixtures.source_answers import ABSTRACT, ARXIV, CROSSREF, DOI, OPENALEX, WIKIPEDIA

ANSWERS = {"openalex": OPENALEX, "crossref": CROSSREF, "arxiv": ARXIV, "wikipedia": WIKIPEDIA}


@pytest.mark.parametrize("name", SOURCE_PROVIDERS)
def test_a_query_stays_within_its_parameter_and_its_host(name: str) -> None:
    hostile = "x&api_key=1#@evil.com/../ «кэш» \r\nHost: evil"
    url = provider(name).address(hostile, "en", 6, "ops@example.org")
    place = allowed_place(url, hosts_of([name]))
    asked = parse_qs(urlsplit(place.url).query)
    assert "api_key" not in asked
    assert "evil" in str(asked)


def test_who_wants_to_know_whom_to_reach_is_told() -> None:
    for name in ("openalex", "crossref"):
        url = provider(name).address("cache", "en", 6, "ops@example.org")
        assert parse_qs(urlsplit(url).query)["mailto"] == ["ops@example.org"]
        by_page = provider(name).address("cache", "en", 6, "https://example.org/contact")
        assert "mailto" not in by_page


def test_wikipedia_is_asked_in_the_language_of_the_query() -> None:
    assert "//ru.wikipedia.org/" in provider("wikipedia").address("кэш", "ru", 6, "")
    assert "//en.wikipedia.org/" in provider("wikipedia").address("cache", "de", 6, "")


def test_openalex_is_read() -> None:
    first, last = provider("openalex").read(OPENALEX)
    assert (first.title, first.abstract) == ("Cache eviction policies compared", ABSTRACT)
    assert (first.doi, first.year, first.kind) == (DOI, 2021, "article")
    assert first.authors == ["Ann Example", "Bob Sample"]
    assert (last.url, last.abstract, last.kind) == ("https://openalex.org/W3", "", "other")


def test_crossref_is_read() -> None:
    (work,) = provider("crossref").read(CROSSREF)
    assert (work.title, work.abstract) == (
        "Cache eviction policies compared",
        "Cache eviction decides.",
    )
    assert (work.doi, work.year, work.authors) == (DOI, 2021, ["Ann Example"])


def test_wikipedia_is_read_in_its_own_order() -> None:
    found = provider("wikipedia").read(WIKIPEDIA)
    assert [work.title for work in found] == ["Cache eviction", "Page replacement"]
    assert found[0].kind == "encyclopedia"


def test_arxiv_is_read_and_its_entities_are_not() -> None:
    (work,) = provider("arxiv").read(ARXIV)
    assert (work.title, work.year) == ("Learned cache eviction", 2021)
    assert (work.url, work.doi) == ("https://arxiv.org/abs/2101.00001v3", "10.5555/learned")
    assert "root:" not in work.abstract


@pytest.mark.parametrize("name", SOURCE_PROVIDERS)
@pytest.mark.parametrize("body", [b"", b"[]", b"<html>busy</html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_answer_is_told(name: str, body: bytes) -> None:
    with pytest.raises(ValueError, match="not"):
        provider(name).read(body)


@pytest.mark.parametrize("name", SOURCE_PROVIDERS)
def test_a_field_of_another_form_costs_no_more_than_itself(name: str) -> None:
    answer = ANSWERS[name].decode()
    for field in ("title", "abstract", "year", "author", "authorships", "extract", "issued"):
        provider(name).read(answer.replace(f'"{field}":', f'"{field}": 7, "x":').encode())


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.1000/ABC.", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("nothing", None),
        (None, None),
    ],
)
def test_a_doi_is_one_however_it_is_written(written: str | None, doi: str | None) -> None:
    assert normal_doi(written) == doi


def test_an_address_is_one_however_it_is_written() -> None:
    written = [
        "https://www.example.org/a/?b=1&utm_source=x#top",
        "http://example.org/a?b=1",
        "https://EXAMPLE.org/a/?b=1&fbclid=2",
    ]
    assert {normal_url(url) for url in written} == {"example.org/a?b=1"}
    assert normal_url("javascript:alert(1)") is None


def _work(**known: object) -> Work:
    return Work.model_validate({"provider": "openalex", "kind": "other", "title": "T", **known})


def test_a_preprint_is_the_same_by_its_page_its_file_and_its_doi() -> None:
    same = [
        _work(url="https://arxiv.org/abs/2101.00001v2"),
        _work(url="http://arxiv.org/pdf/2101.00001"),
        _work(doi="10.48550/arXiv.2101.00001"),
    ]
    assert len({frozenset(identities(work)) for work in same}) == 1


def test_works_are_merged_by_whatever_they_share() -> None:
    by_doi = _work(doi="10.1000/a")
    by_url = _work(url="https://example.org/a", title="A")
    both = _work(doi="10.1000/A", url="http://www.example.org/a/", provider="crossref")
    other = _work(doi="10.1000/b")
    assert merged([by_doi, other, by_url, both]) == [[by_doi, by_url, both], [other]]
