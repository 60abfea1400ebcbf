# Rscript mixed.R writes mixed.json: 150 people with weights answer a nominal, an
# ordinal and a numeric item, a tenth of the answers missing, and the model of two
# classes whose log-likelihood, as its definition has it, is the largest that optim()
# climbs to from 40 starts. Of the ordinal item P(c) in class k is in proportion to
# exp(a_c + b_k c).
set.seed(3); n <- 150; g <- rbinom(n, 1, 0.4)
x <- data.frame(nominal = ifelse(runif(n) < 0.3, sample(3, n, TRUE), 1 + 2 * g), ordinal = pmin(4, pmax(1, round(2 + g + rnorm(n)))), number = round(3 * g + rnorm(n, sd = 1 + g), 3))
for (j in 1:3) x[sample(n, 15), j] <- NA
w <- round(runif(n, 0.2, 3), 2); v <- w * n / sum(w); there <- !is.na(x); y <- x; y[!there] <- 1
one <- function(e) { e <- exp(e - max(e)); e / sum(e) }
value <- function(t) {
  share <- one(c(0, t[1])); l <- matrix(0, n, 2)
  for (k in 1:2) {
    p <- one(c(0, t[2 * k + 0:1])); q <- one(c(0, t[6:8]) + (k == 2) * t[9] * 0:3); m <- t[8 + 2 * k]; s <- exp(t[9 + 2 * k])
    l[, k] <- log(share[k]) + there[, 1] * log(p[y[, 1]]) + there[, 2] * log(q[y[, 2]]) + there[, 3] * dnorm(y[, 3], m, s, TRUE)
  }
  top <- pmax(l[, 1], l[, 2]); -sum(v * (top + log(rowSums(exp(l - top)))))
}
tops <- lapply(1:40, function(i) try(optim(c(rnorm(9), rnorm(1, 0), 0.5, rnorm(1, 3), 0.5), value, method = "BFGS", control = list(maxit = 2000, reltol = 1e-14)), TRUE))
tops <- Filter(is.list, tops); best <- tops[[which.min(sapply(tops, `[[`, "value"))]]; t <- best$par
first <- if (t[1] < 0) 1 else 2 # the larger class
q <- function(k) one(c(0, t[6:8]) + (k == 2) * t[9] * 0:3)
out <- list(program = paste("R", getRversion(), "optim"), nominal = x$nominal, ordinal = x$ordinal, number = x$number, weights = w, log_likelihood = -best$value, shares = one(c(0, t[1]))[c(first, 3 - first)],
  class = list(nominal = one(c(0, t[2 * first + 0:1])), ordinal = q(first), mean = t[8 + 2 * first], sd = exp(t[9 + 2 * first])))
cat(sprintf("%.6f, reached by %d of %d\n", -best$value, sum(sapply(tops, `[[`, "value") < best$value + 1e-4), length(tops)))
jsonlite::write_json(out, "mixed.json", digits = 10, auto_unbox = TRUE, na = "null")
