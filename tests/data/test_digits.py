"""The images are scikit-learn's, and the split keeps every filled-in form in one part."""

import numpy as np
import pytest
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from rnncore.data import Digits, load_digits
from rnncore.data.digits import FIRST_TEST, FIRST_VALIDATION

FORM = (  # what everybody was to copy, up to the first number that differs between forms
    "012345678901234567890123456789095565098984177351"
)


@pytest.fixture(scope="module")
def digits() -> Digits:
    return load_digits()


def test_images_and_labels_are_those_of_scikit_learn_between_0_and_1(digits):
    bunch = datasets.load_digits()
    np.testing.assert_array_equal(digits.images * 16, bunch.images)
    np.testing.assert_array_equal(digits.labels, bunch.target)
    assert digits.images.shape == (1_797, 8, 8)
    assert digits.images.dtype == np.float64
    assert digits.labels.dtype == np.int64
    assert (digits.images.min(), digits.images.max()) == (0, 1)


def test_the_parts_have_the_stated_sizes_and_all_digits(digits):
    parts = [digits.part(split) for split in ("train", "validation", "test")]
    assert [len(labels) for _, labels in parts] == [1_157, 258, 382]
    assert all(set(labels) == set(range(10)) for _, labels in parts)
    np.testing.assert_array_equal(np.concatenate([images for images, _ in parts]), digits.images)
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in parts]), digits.labels)
    with pytest.raises(ValueError, match="\"test\", got 'form'"):
        digits.part("form")


def test_there_are_fourteen_forms_and_each_part_begins_with_one(digits):
    """A form begins with 0 to 9 twice over, which stands nowhere else."""
    text = "".join(map(str, digits.labels))
    starts = [i for i in range(len(text)) if text.startswith("01234567890123456", i)]
    assert [i for i in starts if not text.startswith(FORM[:17], i - 10)] == [
        *[0, 130, 256, 386, 516, 646, 776, 915, 1029, 1157, 1287, 1415, 1545, 1667]
    ]
    assert FIRST_VALIDATION in starts
    assert FIRST_TEST in starts
    assert text.startswith(FORM, FIRST_VALIDATION)
    assert text.startswith(FORM, FIRST_TEST)


@pytest.mark.parametrize(
    ("model", "by_form", "shuffled"),
    [(LogisticRegression(max_iter=1000), 0.901, 0.964), (SVC(C=10), 0.953, 0.990)],
    ids=["logistic regression", "support vector machine"],
)
def test_baselines_reach_what_the_page_says_and_more_when_shuffled(
    digits, model, by_form, shuffled
):
    x = digits.images.reshape(-1, 64)

    def accuracy(train, test):
        return model.fit(x[train], digits.labels[train]).score(x[test], digits.labels[test])

    rows = np.arange(len(x))
    assert accuracy(digits.split == "train", digits.split == "test") == pytest.approx(
        by_form, abs=0.01
    )
    orders = [np.random.default_rng(seed).permutation(rows) for seed in range(5)]
    means = np.mean([accuracy(order[382:1539], order[:382]) for order in orders])
    assert means == pytest.approx(shuffled, abs=0.01)
