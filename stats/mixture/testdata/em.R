# Rscript em.R writes em.json: the best log-likelihoods that textbook EM in base R
# finds for the teaching sets of latent class analysis, which lie beside the checkout
# (60 random starts of 100 steps, the best four climbed until a step gains less than
# 1e-9), and that mclust finds from 60
# for Old Faithful in the model of numbers that are independent within classes.
suppressMessages(library(mclust))
set.seed(1)
patterns <- function(x) {
  key <- do.call(paste, x); first <- !duplicated(key)
  list(on = do.call(cbind, lapply(x, function(v) outer(v, sort(unique(v)), "==") + 0))[first, ],
    item = rep(seq_along(x), sapply(x, function(v) length(unique(v)))), count = as.vector(table(factor(key, key[first]))))
}
climb <- function(d, m, steps) {
  for (s in seq_len(steps)) {
    z <- exp(d$on %*% log(pmax(m$p, 1e-300))) * rep(m$share, each = nrow(d$on)); f <- rowSums(z); value <- sum(d$count * log(f))
    if (value - m$value < 1e-9) break
    z <- z / f * d$count; p <- t(d$on) %*% z
    m <- list(value = value, share = colSums(z) / sum(d$count), p = p / rowsum(p, d$item)[d$item, ])
  }
  m
}
em <- function(d, k) {
  starts <- lapply(1:60, function(i) {
    p <- matrix(runif(ncol(d$on) * k), ncol = k)
    climb(d, list(value = -Inf, share = rep(1 / k, k), p = p / rowsum(p, d$item)[d$item, ]), 100)
  })
  tops <- lapply(starts[order(-sapply(starts, `[[`, "value"))[1:4]], climb, d = d, steps = 20000)
  tops[[which.max(sapply(tops, `[[`, "value"))]]
}
fits <- list()
for (set in list(list("carcinoma", 7, 2:4), list("values", 4, 1:3), list("gss82", 4, 2:4), list("cheating", 4, 2), list("election", 12, 1:3))) {
  x <- read.csv(sprintf("../../../../shared/data/latent_class/%s.csv", set[[1]]), na.strings = c("", "NA"))[, 1:set[[2]]]
  x <- x[complete.cases(x), ]; d <- patterns(x)
  for (k in set[[3]]) {
    m <- em(d, k)
    fits <- c(fits, list(list(set = set[[1]], columns = names(x), rows = nrow(x), classes = k, log_likelihood = m$value, shares = I(sort(m$share, decreasing = TRUE)))))
    cat(set[[1]], k, sprintf("%.5f", m$value), "\n")
  }
}
numbers <- lapply(2:3, function(k) {
  tops <- lapply(1:60, function(i) me(faithful, "VVI", unmap(kmeans(scale(faithful), scale(faithful)[sample(272, k), ], iter.max = 1, algorithm = "Lloyd")$cluster), control = emControl(tol = c(1e-13, 1e-13), itmax = c(1e4, 1e4))))
  m <- tops[[which.max(sapply(tops, function(m) if (is.finite(m$loglik)) m$loglik else -Inf))]]
  list(classes = k, log_likelihood = m$loglik, shares = sort(unname(m$parameters$pro), decreasing = TRUE))
})
out <- list(program = paste("R", getRversion(), "mclust", packageVersion("mclust")), fits = fits, faithful = lapply(faithful, identity), numbers = numbers)
jsonlite::write_json(out, "em.json", digits = 10, auto_unbox = TRUE)
