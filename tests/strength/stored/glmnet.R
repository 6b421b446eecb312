# Writes glmnet.json: what glmnet finds at its tightest tolerance, for tests/data/test_conventions.py.
#   Rscript glmnet.R > glmnet.json
suppressPackageStartupMessages(library(glmnet))
glmnet.control(fdev = 0, epsnr = 1e-16, mxitnr = 1000)

set.seed(1)
n <- 30
p <- 6
X <- sweep(matrix(rnorm(n * p), n) + rnorm(n), 2, c(1, 2, 0.5, 1, 3, 1), "*")
X <- round(sweep(X, 2, c(0, 1, -2, 0.5, 0, 3), "+"), 3)
y <- round(drop(X[, 1:3] %*% c(2, -1, 1.5)) + 4 + rnorm(n), 3)
binary <- as.numeric(X[, 1] + rnorm(n) > 0)
counts <- rpois(n, exp(0.3 * X[, 1]))
weights <- rep(c(0.5, 1, 2, 3, 1.5), length.out = n)
offset <- round(rnorm(n), 3)

# A call is kept as it stands in the source, beside what it returned.
number <- function(v) {
  v <- as.numeric(v)
  text <- ifelse(is.infinite(v), "null", sprintf("%.17g", v))
  paste0("[", paste(text, collapse = ", "), "]")
}
pairs <- function(...) {
  parts <- c(...)
  paste0("{", paste0('"', names(parts), '": ', parts, collapse = ", "), "}")
}
text <- function(s) paste0('"', gsub('"', '\\"', s, fixed = TRUE), '"')

cases <- list(
  "lasso" = quote(glmnet(X, y, lambda = 0.3)),
  "elastic net" = quote(glmnet(X, y, lambda = 0.5, alpha = 0.3)),
  "ridge" = quote(glmnet(X, y, lambda = 0.7, alpha = 0)),
  "lasso, as it stands" = quote(glmnet(X, y, lambda = 0.3, standardize = FALSE)),
  "elastic net, as it stands" = quote(glmnet(X, y, lambda = 0.5, alpha = 0.3, standardize = FALSE)),
  "ridge, as it stands" = quote(glmnet(X, y, lambda = 0.7, alpha = 0, standardize = FALSE)),
  "factors" = quote(glmnet(X, y, lambda = 0.3, alpha = 0.3, penalty.factor = c(1, 0, 2, 0.5, 1, 4))),
  "factors of the lasso" = quote(glmnet(X, y, lambda = 0.3, penalty.factor = c(1, 0, 2, 0.5, 1, 4))),
  "one excluded" = quote(glmnet(X, y, lambda = 0.3, alpha = 0.3, penalty.factor = c(1, 0, Inf, 0.5, 1, 4))),
  "two excluded, as it stands" = quote(glmnet(X, y, lambda = 0.3, alpha = 0.3, standardize = FALSE,
                                              penalty.factor = c(3, 0, Inf, 0.5, Inf, 4))),
  "weights" = quote(glmnet(X, y, weights = weights, lambda = 0.5, alpha = 0.3)),
  "weights, as it stands" = quote(glmnet(X, y, weights = weights, lambda = 0.5, alpha = 0.3,
                                         standardize = FALSE)),
  "offset" = quote(glmnet(X, y, offset = offset, lambda = 0.5, alpha = 0.3)),
  "no intercept" = quote(glmnet(X, y, lambda = 0.5, alpha = 0.3, intercept = FALSE)),
  "no intercept, as it stands" = quote(glmnet(X, y, lambda = 0.5, alpha = 0.3, intercept = FALSE,
                                              standardize = FALSE)),
  "no intercept, ridge" = quote(glmnet(X, y, lambda = 0.7, alpha = 0, intercept = FALSE)),
  "all" = quote(glmnet(X, y, weights = weights, offset = offset, lambda = 0.2, alpha = 0.6, intercept = FALSE,
                       penalty.factor = c(1, 0, Inf, 0.5, 1, 4))),
  "gaussian object" = quote(glmnet(X, y, gaussian(), lambda = 0.5, alpha = 0.3)),
  "gaussian object, as it stands" = quote(glmnet(X, y, gaussian(), lambda = 0.5, alpha = 0.3,
                                                 standardize = FALSE)),
  "gaussian object, all" = quote(glmnet(X, y, gaussian(), weights, offset, lambda = 0.2, alpha = 0.6,
                                        penalty.factor = c(1, 0, Inf, 0.5, 1, 4))),
  "gaussian object, no intercept" = quote(glmnet(X, y, gaussian(), lambda = 0.5, alpha = 0.3,
                                                 intercept = FALSE)),
  "binomial" = quote(glmnet(X, binary, "binomial", lambda = 0.05, alpha = 0.3)),
  "binomial, all" = quote(glmnet(X, binary, "binomial", weights, offset, lambda = 0.05, alpha = 0.6,
                                 penalty.factor = c(1, 0, Inf, 0.5, 1, 4))),
  "poisson" = quote(glmnet(X, counts, "poisson", lambda = 0.1, alpha = 0.3)),
  "poisson, all" = quote(glmnet(X, counts, "poisson", weights, offset, lambda = 0.1, alpha = 0.6,
                                standardize = FALSE, intercept = FALSE,
                                penalty.factor = c(1, 0, Inf, 0.5, 1, 4)))
)

one <- function(name) {
  call <- match.call(glmnet, cases[[name]])
  said <- as.list(call)
  call$thresh <- 1e-30
  call$maxit <- 1e7
  fit <- eval(call)
  stopifnot(fit$jerr == 0)
  family <- if (is.null(said$family)) "gaussian" else
    if (is.call(said$family)) "gaussian()" else said$family
  with <- function(key, value) if (is.null(said[[key]])) NULL else value
  strength <- c(
    "lambda" = sprintf("%.17g", said$lambda),
    "alpha" = with("alpha", sprintf("%.17g", said$alpha)),
    "standardize" = with("standardize", "false"),
    "intercept" = with("intercept", "false"),
    "penalty.factor" = with("penalty.factor", number(eval(said$penalty.factor))),
    "family" = text(family)
  )
  pairs(c(
    "name" = text(name),
    "call" = text(paste(trimws(deparse(call, width.cutoff = 500)), collapse = " ")),
    "y" = text(as.character(said$y)),
    "weights" = if (is.null(said$weights)) "false" else "true",
    "offset" = if (is.null(said$offset)) "false" else "true",
    "strength" = pairs(strength),
    "intercept" = sprintf("%.17g", fit$a0[[1]]),
    "coef" = number(as.matrix(fit$beta)[, 1])
  ))
}

found <- vapply(names(cases), one, "")
rows <- apply(X, 1, number)
cat(
  "{\n",
  '"versions": ', pairs(c("glmnet" = text(as.character(packageVersion("glmnet"))),
                          "R" = text(paste(R.version$major, R.version$minor, sep = ".")))), ",\n",
  '"X": [\n', paste(rows, collapse = ",\n"), "],\n",
  '"y": ', number(y), ",\n",
  '"binary": ', number(binary), ",\n",
  '"counts": ', number(counts), ",\n",
  '"weights": ', number(weights), ",\n",
  '"offset": ', number(offset), ",\n",
  '"cases": [\n', paste(found, collapse = ",\n"), "]\n}\n",
  sep = ""
)
