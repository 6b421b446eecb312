# Runs glmnet on request. Started once by glmnet.py and fed through its standard input, a line a request, with
# the numbers in binary files; only the call of glmnet itself is timed, in here. Answers are lines that start
# with "@".

suppressMessages(library(glmnet))
requests <- file("stdin", "r")
folder <- commandArgs(trailingOnly = TRUE)[1]

load_numbers <- function(name, count, what = "double") {
  connection <- file(file.path(folder, name), "rb")
  on.exit(close(connection))
  readBin(connection, what, n = count, size = if (what == "double") 8 else 4)
}

save_numbers <- function(name, values) {
  connection <- file(file.path(folder, name), "wb")
  on.exit(close(connection))
  writeBin(values, connection)
}

answer <- function(...) {
  cat("@", ..., "\n")
  flush(stdout())
}

repeated <- function(call, seconds, most) {
  gc()
  times <- numeric(0)
  end <- as.numeric(Sys.time()) + seconds
  while (length(times) == 0 || (length(times) < most && as.numeric(Sys.time()) < end)) {
    found <<- NULL
    start <- as.numeric(Sys.time())
    found <<- call()
    times <- c(times, as.numeric(Sys.time()) - start)
  }
  times
}

save_path <- function(fit, which = seq_along(fit$lambda)) {
  beta <- fit$beta[, which, drop = FALSE]
  save_numbers("beta_i.bin", beta@i)
  save_numbers("beta_p.bin", beta@p)
  save_numbers("beta_x.bin", beta@x)
  save_numbers("a0.bin", as.numeric(fit$a0[which]))
  length(which)
}

answer(as.character(packageVersion("glmnet")), "on", R.version.string)
while (length(line <- readLines(requests, n = 1)) > 0) {
  words <- strsplit(line, " ")[[1]]
  status <- try(
    if (words[1] == "load" || words[1] == "load-sparse") {
      n <- as.integer(words[2])
      p <- as.integer(words[3])
      m <- as.integer(words[4])
      entries <- as.numeric(words[5])
      x <- load_numbers("x.bin", entries)
      x <- if (words[1] == "load") {
        matrix(x, n, p)
      } else {
        new(
          "dgCMatrix",
          x = x, i = load_numbers("x_i.bin", entries, "integer"), p = load_numbers("x_p.bin", p + 1, "integer"),
          Dim = c(n, p)
        )
      }
      y <- load_numbers("y.bin", n)
      lambda <- load_numbers("lambda.bin", m)
      foldid <- load_numbers("foldid.bin", n, "integer")
      answer("loaded")
    } else if (words[1] == "path" || words[1] == "cv") {
      thresh <- as.numeric(words[2])
      maxit <- as.numeric(words[3])
      intercept <- as.logical(words[6])
      call <- if (words[1] == "path") {
        function() glmnet(
          x, y,
          lambda = lambda, standardize = FALSE, intercept = intercept, thresh = thresh, maxit = maxit
        )
      } else {
        function() cv.glmnet(
          x, y,
          lambda = lambda, foldid = foldid, standardize = FALSE, intercept = intercept, thresh = thresh,
          maxit = maxit
        )
      }
      answer(format(repeated(call, as.numeric(words[4]), as.integer(words[5])), digits = 15))
    } else if (words[1] == "read-path") {
      answer(save_path(found))
    } else if (words[1] == "read-cv") {
      save_numbers("curve.bin", found$cvm)
      best <- which.min(found$cvm)
      save_path(found$glmnet.fit, best)
      answer(best)
    },
    silent = TRUE
  )
  if (inherits(status, "try-error")) answer("error", gsub("\n", " ", status))
}
