# Rscript glmnet.R writes glmnet.json: the coefficients (constant first) of weighted
# logistic models under an elastic net, for three mixes of the penalties.
suppressMessages(library(glmnet))
set.seed(5); n <- 120
x <- round(cbind(rnorm(n), 10 * rnorm(n) + 3, rbinom(n, 1, 0.2), rexp(n)), 3); x <- cbind(x, round(x[, 1] + rnorm(n) / 3, 3))
y <- rbinom(n, 1, plogis(-0.5 + 0.8 * x[, 1] - 0.06 * x[, 2] + x[, 3])); w <- round(runif(n, 0, 3), 2); w[c(3, 50)] <- 0
lambda <- c(0.2, 0.1, 0.05, 0.02, 0.005, 0.001)
fits <- lapply(c(0, 0.5, 1), function(a) {
  f <- glmnet(x, y, "binomial", w, alpha = a, lambda = lambda, standardize = TRUE, thresh = 1e-16, maxit = 1e7)
  # Without the penalties' own start: the largest that leaves any coefficient.
  list(mix = a, highest = glmnet(x, y, "binomial", w, alpha = a)$lambda[1], coefficients = t(unname(as.matrix(coef(f)))))
})
out <- list(program = paste("R", getRversion(), "glmnet", packageVersion("glmnet")), x = x, y = y, weights = w, lambdas = lambda, fits = fits)
jsonlite::write_json(out, "glmnet.json", digits = 14, auto_unbox = TRUE)
