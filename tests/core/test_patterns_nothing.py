"""What says that there is nothing to say or that all is well, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.records.nothing import says_no_trouble, says_nothing

_QUALITY = ["", "new ", "known ", "major ", "contract ", "other ", "significant ", "blocking ", "unexpected "]
_NOUN = ["issues", "issue", "problems", "gaps", "errors", "blockers", "warnings", "findings", "ambiguities"]
_TAIL = [
    "",
    " found",
    " were identified",
    " encountered",
    " to report",
    " so far",
    " during this run",
    " at this time",
]
_MARK = ["{}", "- {}", "**{}**", "*{}*", "`{}`", "({})", "[{}]", "{}.", "{}!", "✅ {}", "Issues: {}", "> {}"]

_denials = st.one_of(
    st.builds("No {}{}{}".format, st.sampled_from(_QUALITY), st.sampled_from(_NOUN), st.sampled_from(_TAIL)),
    st.builds("{}{}".format, st.sampled_from(["None", "Nothing", "none"]), st.sampled_from(_TAIL)),
    st.sampled_from(
        [
            "none",
            "N/A",
            "n.a.",
            "nil",
            "nope",
            "Nothing to report",
            "All good",
            "なし",
            "特になし",
            "0",
            "-",
            "—",
        ]
    ),
)


@given(denial=_denials, mark=st.sampled_from(_MARK), shape=st.sampled_from([str, str.upper, str.casefold]))
def test_none_is_none_however_it_is_written(denial: str, mark: str, shape: type[str]) -> None:
    """Neither case nor markup, list mark, emoji or heading makes an issue of it."""
    assert says_nothing(shape(mark.format(denial)))


@given(
    denial=_denials,
    trouble=st.sampled_from(["the import stopped at article 12", "shop login failed", "価格が違う"]),
)
def test_a_trouble_beside_a_denial_is_told(denial: str, trouble: str) -> None:
    """In doubt a line says something: a lost trouble is worse than a superfluous line."""
    assert not says_nothing(f"{denial}, but {trouble}")
    assert not says_nothing(f"{trouble}; {denial}")


@pytest.mark.parametrize(
    "line",
    [
        "None of the tests ran",
        "No answer from the server",
        "No ENV was given",
        "Nothing says who may roll back",
        "Not found",
        "No contract section covers refunds",
        "No backup",
        "No such file",
        "Nothing was written to the page",
        "Zero rows were imported",
        "Missing",
        "unclear",
    ],
)
def test_what_begins_like_a_denial_may_be_a_trouble(line: str) -> None:
    """A negative word is how most troubles begin."""
    assert not says_nothing(line)


_OTHER_LANGUAGES = [
    *[
        "Keine",
        "Keine Probleme",
        "keine Fehler gefunden",
        "Keine Auffälligkeiten",
        "Nichts zu melden",
        "ohne Fehler",
    ],
    *["Aucun", "Aucun problème rencontré", "Rien à signaler", "RAS", "Pas de problème", "sans erreur"],
    *["Ninguno", "Ningún problema", "Sin incidencias", "No hay problemas", "No se encontraron errores"],
    *["Nessuno", "Nessun problema rilevato", "Nenhum problema encontrado", "Sem erros", "não há problemas"],
    *["Geen problemen gevonden", "Inga problem", "Brak", "Нет", "Проблем нет", "ошибок не обнаружено"],
    *[
        "なし",
        "特になし",
        "問題なし",
        "特に問題ありません",
        "問題はありませんでした",
        "エラーは発生しませんでした",
        "指摘事項なし",
    ],
    *[
        "既存コードへの影響なし",
        "重大な問題は見つかりませんでした",
        "无",
        "没有问题",
        "未发现任何问题",
        "해당 없음",
        "문제 없음",
    ],
]


@pytest.mark.parametrize("denial", _OTHER_LANGUAGES)
@pytest.mark.parametrize("mark", ["{}", "- **{}**", "{}。", "✅ {}", "Issues: {}"])
def test_none_is_none_in_other_languages(denial: str, mark: str) -> None:
    """Claude logs in the language of its task."""
    assert says_nothing(mark.format(denial))


@pytest.mark.parametrize(
    "line",
    [
        "There were no issues",
        "We found no issues during this run",
        "Did not encounter any issues",
        "Not applicable",
        "No tests failed",
        "None of the tests failed",
        "No build errors",
        "No security concerns were raised in the review",
        "No follow-up needed",
        "No action required",
        "Known issues: none",
        "None (documentation-only task)",
        "None – this was a read-only analysis",
        "No issues encountered (dry run)",
        "None (routine review, no code changes)",
        "なし（Phase 6への指示は明確）",
        "ＮＯＮＥ",
    ],
)
def test_a_denial_may_be_a_sentence_and_say_why(line: str) -> None:
    """What explains a denial makes no trouble of it."""
    assert says_nothing(line)


_ALL = ["All ", "All the ", "Every ", "All 12 ", "All required ", "12 of 12 ", "12/12 ", "100% of the ", ""]
_CHECKED = [
    "checks ",
    "unit tests ",
    "quality gates ",
    "acceptance criteria ",
    "validation steps ",
    "CI jobs ",
]
_WENT_WELL = [
    "passed",
    "are green",
    "were met",
    "completed successfully",
    "passed without errors",
    "succeeded",
]
_AFTER = ["", ".", "!", ", no issues found", "; nothing to report", " and no problems were found", " (12/12)"]

_good_news = st.one_of(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(_ALL),
        st.sampled_from(_CHECKED),
        st.sampled_from(_WENT_WELL),
        st.sampled_from(_AFTER),
    ),
    st.builds(
        "{}{}を{}{}".format,
        st.sampled_from(["5つの", "すべての", "全ての", "Phase 7の", ""]),
        st.sampled_from(["品質ゲート", "必須要件", "受け入れ基準", "テスト"]),
        st.sampled_from(["", "すべて", "全て"]),
        st.sampled_from(
            ["満たしている", "満たしています。", "クリアしました", "クリアしており、問題なし", "通過した"]
        ),
    ),
    st.sampled_from(
        [
            "no issues found, all green",
            "Everything went well",
            "Task completed successfully",
            "LGTM",
            "The contract was clear and sufficient",
            "Instructions were clear",
            "レビューでPASS判定（ブロッカーなし）",
            "なし。すべての品質ゲートをクリアしており、次フェーズ（テストシナリオ作成）に進めます。",
            "一切正常",
            "Alle Tests bestanden",
            "Todo bien",
        ]
    ),
)


@given(line=_good_news, mark=st.sampled_from(["{}", "- {}", "**{}**", "✅ {}", "Issues: {}"]))
def test_good_news_is_no_trouble(line: str, mark: str) -> None:
    """That all went well is often written where the troubles belong."""
    assert says_no_trouble(mark.format(line))


@given(
    line=_good_news, trouble=st.sampled_from(["the import stopped", "lint failed", "価格が違う", "2 skipped"])
)
@pytest.mark.parametrize(
    "joined", ["{}, but {}", "{}; {}", "{} ({})", "{} except that {}", "{} – {}", "{1}. {0}"]
)
def test_a_trouble_beside_good_news_is_told(line: str, trouble: str, joined: str) -> None:
    """Whatever stands before or behind it, and however it is joined."""
    assert not says_no_trouble(joined.format(line, trouble))


@given(
    passed=st.integers(0, 99),
    missed=st.integers(1, 99),
    of=st.sampled_from(["{}/{} tests", "{} of {} tests", "{} out of {} checks"]),
)
def test_a_part_that_passed_is_no_good_news(passed: int, missed: int, of: str) -> None:
    """Some of several is a trouble, all of them is none."""
    assert not says_no_trouble(f"{of.format(passed, passed + missed)} passed")
    assert says_no_trouble(f"{of.format(missed, missed)} passed")


@pytest.mark.parametrize(
    "line",
    [
        "All checks passed except the licence check",
        "All checks passed but one",
        "All tests passed after two retries",
        "All tests passed locally",
        "All tests passed on the second attempt",
        "All tests passed?",
        "⚠ All tests passed",
        "Not all tests passed",
        "Almost all checks passed",
        "Only the unit tests passed",
        "5 tests passed, 3 failed",
        "0 tests passed",
        "80% of the tests passed",
        "10% of the tests passed",
        "No tests passed",
        "None of the tests passed",
        "No retry happened",
        "No tests",
        "No error checks",
        "No error handling in the import",
        "No checks were run",
        "Pass all tests",
        "Complete all tasks",
        "Clean the build",
        "All tests failed",
        "All tests skipped",
        "All tests to be completed",
        "Tests passed with warnings",
        "Contract unclear",
        "None (except a timeout at the first call)",
        "None (but the API was slow)",
        "None (see the exception log)",
        "None – fixed by hand",
        "None (no access to staging)",
        "なし（ただしログが遅い）",
        "品質ゲートを満たしていない",
        "5つの品質ゲートのうち3つを満たしている",
        "すべてのテストが失敗した",
        "品質ゲートをすべてチェック",
        "見つかりませんでした",
        "バックアップなし",
        "keine Antwort vom Server",
        "Sin respuesta del servidor",
        "Pas de réponse",
    ],
)
def test_what_only_looks_like_good_news_is_told(line: str) -> None:
    """A lost trouble is worse than a superfluous line."""
    assert not says_no_trouble(line)


@pytest.mark.parametrize("name", ["Approved tools", "Required checks passed", "Tests"])
def test_what_a_section_is_called_is_no_denial(name: str) -> None:
    """A reference to the contract is kept, though the words may tell of success."""
    assert not says_nothing(name)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    """What denies everything tells of no trouble either."""
    assert says_no_trouble(text) >= says_nothing(text)
