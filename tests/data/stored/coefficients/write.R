# Writes the CSV files of this folder, as people write coefficients in R: run in it by `Rscript write.R`.
# Made by R 4.2.2 with glmnet 4.1-6 and broom 1.0.3.
suppressPackageStartupMessages({
  library(glmnet)
  library(broom)
})
glmnet.control(fdev = 0, epsnr = 1e-16, mxitnr = 1000)

set.seed(1)
n <- 24
d <- data.frame(a = round(rnorm(n), 2), b = round(rnorm(n, 3), 2), k = 2,
                g = factor(rep(c("u", "v", "w w"), length.out = n)), e = round(rnorm(n), 2))
d$y <- round(d$a - 0.5 * d$b + 2 * (d$g == "u") + 5 + rnorm(n, sd = 0.5), 2)
write.csv(d, "data.csv", row.names = FALSE)

X <- makeX(d[c("a", "b", "k", "g", "e")])
fit <- glmnet(X, d$y, lambda = 0.1, thresh = 1e-30, maxit = 1e7)
write.csv(as.matrix(coef(fit)), "glmnet.csv")
write.csv2(as.matrix(coef(fit)), "glmnet2.csv")
write.csv(tidy(fit), "tidy.csv", row.names = FALSE)
write.csv(tidy(fit, return_zeros = TRUE), "tidy_zeros.csv")

for (standardize in c(TRUE, FALSE)) {
  fit <- glmnet(X, d$y, lambda = 0.1, alpha = 0.6, intercept = FALSE, standardize = standardize, thresh = 1e-30, maxit = 1e7)
  write.csv(as.matrix(coef(fit)), paste0("no_intercept_", standardize, ".csv"))
}
fit <- glmnet(X, d$y, lambda = 0.1, intercept = FALSE, thresh = 1e-30, maxit = 1e7, penalty.factor = c(1, 0.5, 3, 1, 1, 2, 1))
write.csv(as.matrix(coef(fit)), "no_intercept_factors.csv")

path <- glmnet(X, d$y, lambda = c(0.4, 0.2, 0.1), thresh = 1e-30, maxit = 1e7)
write.csv(as.matrix(coef(path)), "path.csv")
write.csv(tidy(path), "tidy_path.csv", row.names = FALSE)

d$f <- d$a + d$b
fit <- lm(y ~ a + b + f, d)
write.csv(as.matrix(coef(fit)), "lm.csv")
write.csv(tidy(fit), "tidy_lm.csv", row.names = FALSE)
