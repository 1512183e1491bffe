"""Do responses keep what they say when they are sorted, folded and turned around?"""

import numpy as np
import pytest

from scoring.irt.calibration import data as data_module
from scoring.irt.calibration.data import Data, prepare
from scoring.irt.types import IntArray


def prepared(codes, n_categories=None, *, tabled=(), equal_slopes=False, **given) -> Data:
    codes = np.array(codes, dtype=np.int8)
    n, n_items = codes.shape
    everything = np.arange(n_items)
    return prepare(
        codes,
        linear=np.setdiff1d(everything, tabled),
        tabled=np.array(tabled, dtype=np.int64),
        n_categories=np.full(n_items, 2) if n_categories is None else np.array(n_categories),
        group=np.asarray(given.get("group", np.zeros(n)), dtype=np.int64),
        weights=np.asarray(given.get("weights", np.ones(n)), dtype=np.float64),
        covariates=np.asarray(given.get("covariates", np.zeros((n, 0)))),
        equal_slopes=equal_slopes,
    )


def segments(data: Data) -> IntArray:
    return data.segment_of(np.arange(data.n_rows))


def test_patterns_by_hand():
    # Six candidates, three patterns; the third pattern is that of candidates 2 and 5.
    data = prepared([[1, 0], [1, 0], [0, 1], [1, 1], [1, 0], [0, 1]], weights=[1, 2, 3, 4, 5, 6])
    found = {tuple(row): weight for row, weight in zip(data.codes.tolist(), data.weights, strict=True)}
    assert found == {(1, 0): 8.0, (0, 1): 9.0, (1, 1): 4.0}
    assert data.scores.T.tolist() == data.codes.tolist()


def test_patterns_of_different_groups_or_different_gaps_stay_apart():
    codes = [[1, 0], [1, 0], [1, -1], [1, -1], [1, 0], [1, 0], [1, -1], [1, -1]]
    data = prepared(codes, group=[0, 0, 0, 0, 1, 1, 1, 1])
    assert data.weights.tolist() == [2.0, 2.0, 2.0, 2.0]
    assert data.n_segments == 4
    assert sorted(data.group.tolist()) == [0, 0, 1, 1]


def test_patterns_that_hardly_repeat_are_left_alone():
    codes = [[1, 0], [0, 1], [1, 1], [0, 0], [0, 0]]
    assert prepared(codes).codes.tolist() == codes


def test_patterns_of_candidates_with_covariates_are_left_alone():
    data = prepared([[1, 0]] * 4, covariates=[[1.0], [2.0], [3.0], [4.0]])
    assert data.n_rows == 4
    assert data.covariates.ravel().tolist() == [1.0, 2.0, 3.0, 4.0]


def test_candidates_without_a_response_are_left_out():
    data = prepared([[1, 0], [-1, -1], [0, -1]], weights=[1, 5, 2], group=[0, 1, 1])
    kept = zip(data.weights.tolist(), data.group[segments(data)].tolist(), strict=True)
    assert sorted(kept) == [(1.0, 0), (2.0, 1)]


def test_rows_of_tabled_items_by_hand():
    data = prepared([[2, 1], [0, 0], [1, -1]], [3, 2], tabled=[0, 1])
    assert data.hit_item.tolist() == [0, 0, 1]
    assert data.hit_category.tolist() == [1, 2, 1]
    rows = {tuple(code): tuple(hit) for code, hit in zip(data.codes.tolist(), data.hits.T, strict=True)}
    assert rows == {(2, 1): (0, 1, 1), (0, 0): (0, 0, 0), (1, -1): (1, 0, 0)}


def test_linear_items_stand_before_tabled_ones():
    data = prepared([[2, 1, 0], [0, 0, 1], [1, -1, 1]], [3, 2, 2], tabled=[0])
    assert data.linear.tolist() == [1, 2]
    assert data.presented.shape == (2, 3)
    gaps = data.presented[segments(data)[(data.codes == -1).any(axis=1)]]
    assert gaps.tolist() == [[False, True, True]]


@pytest.mark.parametrize("n_items", [14, 70])
def test_rows_are_sorted_by_segment_and_keep_their_own(n_items):
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 2, (200, n_items))
    codes[rng.random(200) < 0.5, 0] = -1
    codes[rng.random(200) < 0.5, -1] = -1
    group = rng.integers(0, 3, 200)
    covariates = np.arange(200.0)[:, None]
    data = prepared(codes, group=group, weights=np.arange(1.0, 201), covariates=covariates)
    assert (np.diff(segments(data)) >= 0).all()
    source = data.covariates[:, 0].astype(int)
    np.testing.assert_array_equal(data.codes, codes[source])
    np.testing.assert_array_equal(data.group[segments(data)], group[source])
    np.testing.assert_array_equal(data.weights, source + 1.0)
    np.testing.assert_array_equal(data.presented[segments(data)], codes[source] >= 0)
    # Four ways to meet the first and the last item, in each of three groups.
    assert data.n_segments == 12 and not data.irregular


@pytest.mark.parametrize(("start", "stop"), [(0, 200), (17, 61), (0, 1), (199, 200), (60, 60)])
def test_pieces_cover_the_rows_asked_for(start, stop):
    rng = np.random.default_rng(2)
    codes = np.where(rng.random((200, 14)) < 0.8, 1, 0)
    codes[rng.random(200) < 0.5, 0] = -1
    data = prepared(codes, group=rng.integers(0, 4, 200))
    covered = np.concatenate(
        [np.zeros(0, dtype=int)]
        + [np.full(last - first, segment) for segment, first, last in data.pieces(start, stop)]
    )
    np.testing.assert_array_equal(covered, data.segment_of(np.arange(start, stop)))


def test_many_sets_of_items_become_rows_of_their_own(monkeypatch):
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 2)
    codes = [[1, -1, 2], [-1, 1, 0], [0, 1, -1], [1, 1, 1]]
    data = prepared(codes, [2, 2, 3], tabled=[2], group=[1, 0, 1, 0])
    assert data.irregular and data.n_segments == 2
    assert data.presented.all()
    # Two categories of item 2, then who met items 0, 1 and 2.
    np.testing.assert_array_equal(data.hits[:2], [data.codes[:, 2] == 1, data.codes[:, 2] == 2])
    np.testing.assert_array_equal(data.hits[2:], (data.codes >= 0).T)
    assert data.group[segments(data)].tolist() == [0, 0, 1, 1]


def test_equal_sums_are_one_row_with_mean_responses():
    codes = [[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]]
    data = prepared(codes, weights=[1, 1, 2, 1, 5], equal_slopes=True)
    assert data.weights.tolist() == [5.0, 4.0, 1.0]
    np.testing.assert_allclose(data.scores.T, [[0, 0, 0], [0.25, 0.75, 0], [1, 1, 1]])


def test_sums_of_different_segments_stay_apart():
    codes = [[1, 0, -1], [0, 1, -1], [1, 0, 0], [0, 0, 1]]
    data = prepared(codes, equal_slopes=True)
    assert data.weights.tolist() == [2.0, 2.0]
    assert data.starts.tolist() == [0, 1, 2]
    np.testing.assert_allclose((data.weights * data.scores).sum(axis=1), [2, 1, 1])


def test_sums_stay_candidates_where_more_than_the_sum_speaks():
    codes = [[1, 0, 0, 1]] * 4
    assert prepared(codes, equal_slopes=True, covariates=np.arange(4.0)[:, None]).n_rows == 4
    assert prepared([[1, 0], [0, 1], [1, 1]], tabled=[1], equal_slopes=True).n_rows == 3


@pytest.mark.parametrize("n_categories", [[2] * 12, [5] * 12])
def test_folding_counts_every_candidate_of_long_patterns(n_categories):
    # Twelve items of five categories and a gap have 6 ** 12 = 2 billion patterns.
    rng = np.random.default_rng(3)
    distinct = rng.integers(-1, n_categories[0], (40, 12)).astype(np.int8)
    distinct[0] = n_categories[0] - 1
    codes = np.repeat(distinct, 5, axis=0)
    data = prepared(codes, n_categories, group=np.repeat(np.arange(40) % 2, 5))
    assert data.n_rows == 40
    assert (data.weights == 5).all()


def test_patterns_of_very_many_categories_are_not_folded_into_each_other():
    rng = np.random.default_rng(5)
    patterns = rng.integers(0, 64, (40, 12)).astype(np.int8)
    codes = np.repeat(patterns, 3, axis=0)
    found = prepared(codes, n_categories=np.full(12, 64))
    assert found.n_rows == 120 and found.weights.sum() == 120
