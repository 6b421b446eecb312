"""Check whether coefficients are the solution."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.floats import as_floats
from equipoise.data.frames.coefficients import Coefficients, match_coefficients, read_coefficients
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.data.frames.columns import is_frame
from equipoise.explain.audit import audit as find
from equipoise.explain.digits import half_units
from equipoise.objective.losses.registry import read_loss
from equipoise.results.audit.result import Audit
from equipoise.results.fit.result import Fit
from equipoise.setup.response import place_of
from equipoise.setup.set_up import Numbers, set_up, under
from equipoise.setup.setup import PerFeature, Setup
from equipoise.strength.foreign import loss_of_strength, read_foreign_strength
from equipoise.strength.models import Claim, claim_of_model
from equipoise.sums.gathered import Gathered


@verb
def audit(
    X: Any,
    y: Any,
    coef: Any,
    intercept: float | bool | None = None,
    *,
    l1: Numbers | None = None,
    l2: Numbers = 0.0,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    convention: str | None = None,
    strength: float | Mapping[str, Any] | None = None,
    loss: str | None = None,
    event: object = None,
    exposure: Any = None,
) -> Audit:
    """Check coefficients from any program against the optimality conditions and the exact solution.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    coef : (p,) array, sparse vector, series, dict, data frame or fitted model
        The coefficients under audit, in original units. A dict, a labelled series and a frame are read by
        name; ``(Intercept)``, ``Intercept`` or ``intercept`` is the intercept, unless a feature is called so.
        A frame holds the columns ``feature, coef``, those of broom's ``tidy()``, or the row names and the one
        column of R's ``as.matrix(coef(fit))``. A name is a feature's, or a column's followed by a level as R,
        ``get_dummies`` and formulas write it. Features that are not named are zero; a series or frame that
        lists zeros must list all. A model is a :class:`Fit`, an estimator of this library or a linear
        model of scikit-learn's, read by name if it knows names and X has some, else in order;
        LogisticRegression of two classes, PoissonRegressor and kin bring their loss too.
    intercept : float or bool, optional
        The intercept that was fitted, where coef does not have it. False for a model without one, of which
        glmnet prints a 0; None, for one without if coef does not have it either.
    l1, l2 : float, (p,) array or dict of str to float
        The penalties they are claimed to solve, in this library's convention (see :func:`fit`); l1 is
        required unless there is a ``convention``, or coef is a model, which brings its penalty and bounds.
    standardize : bool, default False
        As in :func:`fit`.
    sample_weight, offset : (n,) array or str, optional
        As in :func:`fit`.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`; scikit-learn's ``positive=True`` is a lower bound of 0.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`.
    convention : str, optional
        The package that names the penalty, by ``strength`` instead of l1, l2 and standardize: "glmnet",
        "sklearn", "sklearn-ridge", "sklearn-logistic", "sklearn-glm" or "statsmodels". "sklearn" is its Lasso
        and ElasticNet, and celer, skglm and glum too; "sklearn-logistic" its LogisticRegression,
        "sklearn-glm" its PoissonRegressor, GammaRegressor and TweedieRegressor; in "statsmodels" the
        intercept is a column of X. glmnet leaves constant columns out, also without an intercept. See
        ``equipoise.strength`` for the formulas.
    strength : float or dict, optional
        The package's λ alone, or a dict by its own names: glmnet's ``lambda, alpha, standardize, intercept,
        penalty.factor, family``, scikit-learn's ``alpha, l1_ratio`` or ``C, l1_ratio, penalty``, statsmodels'
        ``alpha, L1_wt``. Their defaults are those of glmnet, of scikit-learn's Lasso (not of its ElasticNet),
        of LogisticRegression from 1.8 on, and of statsmodels; glmnet's family is that of the loss.
    loss : str, optional
        What the coefficients are claimed to minimise beside the penalty, as in :func:`fit`: by default the
        loss of the model, of glmnet's family or of "sklearn-logistic", else "squared".
    event : object, optional
        As in :func:`fit`; by default that of the model.
    exposure : (n,) array or str, optional
        As in :func:`fit`.

    Returns
    -------
    Audit
        The verdict ("the solution", "as good as its digits" or "not the solution"), violations, wrong zeros,
        and the exact solution beside them.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> audit = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    >>> audit.verdict, audit.wrong_zeros
    ('not the solution', ('x2',))
    >>> round(audit.lost, 6)
    0.333333

    What R's ``coef(glmnet(X, y, lambda = 0.25))`` prints:

    >>> printed = {"(Intercept)": 1.353553, "x1": 0.96967, "x2": 0.0}
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> audit = eq.audit(X, y, printed, convention="glmnet", strength={"lambda": 0.25})
    >>> audit.verdict, audit.lost < 1e-9
    ('as good as its digits', True)

    A yes/no response, and a probability that is wrong: of no feature and as many yes as no it is a half.

    >>> audit = eq.audit([[1], [-1], [1], [-1]], [1, 0, 0, 1], [0.0], 0.1, l1=1, loss="binomial")
    >>> audit.verdict, round(audit.lost, 6)  # 4 log(cosh(0.05))
    ('not the solution', 0.004998)
    """
    fit = _fit_of(coef)
    given = read_coefficients(coef if fit is None else fit)
    said = _Said(l1, l2, standardize, convention, strength)
    own = said.nothing and given.of_model
    if fit is not None and own and missing == "error" and not isinstance(X, Gathered):
        missing = "error" if fit.missing is None else fit.missing.policy
    theirs = None if fit is not None or not given.of_model else _claim_of_estimator(coef, own)
    data = set_up(
        X,
        y,
        l1=0.0,
        sample_weight=sample_weight,
        offset=offset,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        encoding=_encoding_of(fit, X),
        loss=_loss_of(loss, fit, given, theirs, said),
        event=_event_of(event, fit, given),
        exposure=exposure,
    )
    if convention == "statsmodels":
        _refuse_without_constant(given, data)
    values, named = match_coefficients(given, data.features, data.encoding)
    fitted = _intercept_of(given, named, intercept, data)
    if own and fit is not None:
        said.refuse_two(own)
        claim = _claim_of_fit(fit, data)
    else:
        if own and theirs is not None:
            said = said._replace(convention=theirs.convention, strength=theirs.strength)
        claim, fitted = said.claim(own, data, fitted)
    setup = under(data, **claim | _bounds(given, lower, upper), intercept=fitted is not None)
    _refuse_outside(values, setup)
    return Audit.of(setup, values, find(setup.problem, values, fitted))


class _Said(NamedTuple):
    """The penalty as it was passed, in the terms of this library or of another."""

    l1: Any
    l2: Any
    standardize: bool
    convention: Any
    strength: Any

    @property
    def nothing(self) -> bool:
        """Whether a model is left to bring its own."""
        return self.l1 is None and self.convention is None and self.strength is None

    def refuse_two(self, own: bool) -> None:
        """Refuse a penalty in this library's terms beside another one."""
        if self.l1 is not None or np.any(np.asarray(self.l2)) or self.standardize:
            whose = f"the convention is {self.convention!r}: say them in strength, by its names"
            if own:
                whose = "the model brings its own penalty: pass l1 too, or leave them out"
            raise ValueError(f"l1, l2 and standardize are this library's but {whose}")

    def claim(self, own: bool, data: Setup, fitted: float | None) -> tuple[dict[str, Any], float | None]:
        """The penalty in this library's terms, and the intercept; None for a model without one."""
        if own or self.convention is not None:
            self.refuse_two(own)
            claim = _converted(data, self.convention, self.strength, fitted is not None)
            return claim, _fitted_intercept(claim.pop("intercept"), fitted)
        if self.l1 is None:
            raise TypeError("l1 is missing: pass the penalty that coef is claimed to solve, or a convention")
        if self.strength is not None:
            raise ValueError("strength is another package's: say which in convention, or pass l1 instead")
        return {"l1": self.l1, "l2": self.l2, "standardize": self.standardize}, fitted


def _claim_of_estimator(model: Any, own: bool) -> Claim | None:
    """What an estimator is claimed to minimise; None where it is not known, if its penalty was passed."""
    try:
        return claim_of_model(model)
    except TypeError:
        if own:
            raise
        return None


def _loss_of(
    said: str | None, fit: Fit | None, given: Coefficients, theirs: Claim | None, penalty: _Said
) -> str:
    """The loss that was said, or that of the model or the strength, which must not be another one."""
    model = None if theirs is None else theirs.loss
    model = model if fit is None else fit.kind.label
    if model is not None:
        if said is not None and read_loss(said).label != read_loss(model).label:
            raise ValueError(f"loss is {said!r}, but coef is a model of loss {model!r}: leave loss out")
        return model
    if said is not None:
        return said
    if penalty.convention == "sklearn-glm":
        raise ValueError(
            "loss is missing: 'sklearn-glm' is of PoissonRegressor ('poisson'), GammaRegressor ('gamma') and "
            "TweedieRegressor ('tweedie(1.5)', say)"
        )
    implied = loss_of_strength(penalty.convention, penalty.strength)
    if implied in ("tweedie", "negative_binomial"):
        raise ValueError(
            f"loss is missing: its number is not in the family, so pass it as '{implied}(1.5)', say"
        )
    if implied is None and given.labels is not None:
        raise ValueError("loss is missing: coef is a classifier, so pass the loss that it minimised")
    return implied or "squared"


def _event_of(event: object, fit: Fit | None, given: Coefficients) -> object:
    """The label whose probability is modelled: the model's, which must not be another one than was said."""
    labels = given.labels if fit is None else fit.levels
    if labels is None:
        return event
    if event is not None and place_of(event, (labels[0], labels[1])) != 1:
        raise ValueError(f"event is {event!r}, but coef is a model of {labels[1]!r}: leave event out")
    return labels[1]


def _encoding_of(fit: Fit | None, X: Any) -> Any:
    """How a model read its columns; None where X has no names for them."""
    return fit.encoding if fit is not None and (is_frame(X) or isinstance(X, str | os.PathLike)) else None


def _fit_of(coef: Any) -> Fit | None:
    """The fit that a model of this library is, or holds; None for anything else."""
    fits: Sequence[Fit] = getattr(coef, "fits_", ())
    found = fits[0] if len(fits) == 1 else coef
    return found if isinstance(found, Fit) else None


def _intercept_of(
    given: Coefficients, named: float | None, said: float | bool | None, data: Setup
) -> float | None:
    """The intercept of the coefficients, or the one that was said; None for a model without one."""
    own, subject = given.intercept if given.of_model else named, given.subject
    said = bool(said) if isinstance(said, np.bool_) else said
    if said is False or not data.intercept:  # a formula may have none
        without = "intercept=False (--no-intercept)" if said is False else "the formula"
        if number := own or said:
            raise ValueError(
                f"{without} says that there is no intercept, but {subject} has one, {number:g}: drop either"
            )
        return None
    if said is True:
        if own is None:
            raise ValueError(f"intercept is True but {subject} does not have its value: pass the number")
        return own
    if said is not None:
        if own is not None or given.of_model:
            theirs = "is a model, which has its own" if given.of_model else "names '(Intercept)' too"
            raise ValueError(f"intercept was given and {subject} {theirs}: keep one of them")
        own = float(as_floats(said, "intercept"))
    if own is not None and not np.isfinite(own):
        raise ValueError(f"intercept is {own}: pass a finite number, or None for a model without one")
    return own


def _bounds(given: Coefficients, lower: Any, upper: Any) -> dict[str, Any]:
    """The bounds that were passed, and a positive model's."""
    if given.positive and not isinstance(lower, Mapping):
        lower = np.maximum(lower, 0.0)
    box = {"lower": (lower, -np.inf), "upper": (upper, np.inf)}
    return {name: value for name, (value, none) in box.items() if not np.array_equal(value, none)}


def _claim_of_fit(fit: Fit, data: Setup) -> dict[str, Any]:
    """The penalty and the bounds of a fit, in the order of the features; refused without its offset."""
    if (fit.offset or fit.exposure) and data.offset is None and data.gathered is None:
        raise ValueError("coef is a model that was fitted with an offset or an exposure: pass it here too")
    features = data.features
    places = {name: place for place, name in enumerate(fit.features)}
    order = [places.get(name, place) for place, name in enumerate(features)]

    def ordered(value: PerFeature) -> Any:
        return value if np.ndim(value) == 0 else np.asarray(value)[order]

    per_feature = {name: ordered(getattr(fit, name)) for name in ("l1", "l2", "lower", "upper")}
    return per_feature | {"standardize": fit.standardize}


def _converted(data: Setup, convention: Any, strength: Any, intercept: bool) -> dict[str, Any]:
    """The penalty that another package's strength means on these data, in this library's convention."""
    claim = read_foreign_strength(
        convention,
        strength,
        y=data.response,
        sample_weight=data.weights,
        offset=data.offset,
        intercept=intercept,
        loss=data.loss.name,
    )
    features = data.features
    if np.size(claim.l1) not in (1, len(features)):
        raise ValueError(f"strength is of {np.size(claim.l1)} features but X has {len(features)}: one each")
    if convention != "glmnet" or claim.intercept:
        return dict(claim)
    # glmnet leaves constant columns out, also where there is no intercept to stand for them.
    return dict(claim) | {"l1": np.where(data.constant, np.inf, claim.l1)}


def _refuse_outside(values: NDArray[np.float64], setup: Setup) -> None:
    """Refuse coefficients that their bounds do not allow, by more than their digits explain."""
    half = half_units(values)
    outside = np.flatnonzero((values < setup.penalty.lower - half) | (values > setup.penalty.upper + half))
    if len(outside):
        j = int(outside[0])
        raise ValueError(
            f"coef of {setup.features[j]!r} is {values[j]:g}, outside its bounds: audit it with the bounds "
            "it had"
        )


def _refuse_without_constant(given: Coefficients, data: Setup) -> None:
    """Refuse coefficients of statsmodels with a constant, if X lacks it."""
    if isinstance(given.numbers, Mapping) and "const" in given.numbers and "const" not in data.features:
        raise ValueError("coef names 'const' but X has no such column: pass X as statsmodels had it")


def _fitted_intercept(claimed: bool, intercept: float | None) -> float | None:
    """The intercept; None where the other package was told to fit none, and so prints 0."""
    if claimed:
        if intercept is None:
            raise ValueError("intercept is missing but strength says that there is one: pass it")
        return intercept
    if intercept:
        raise ValueError(f"intercept is {intercept:g} but strength says that there is none: drop one of them")
    return None
