# Rscript cluster.R writes cluster.json: 60 people of three groups with a nominal,
# an ordered and two numeric items, some missing, as packages cluster, mclust and
# stats' hclust see them; best are the least objectives of all sets of medoids.
suppressMessages({ library(cluster); library(mclust) })
set.seed(11); n <- 60; g <- rep(1:3, 20)
x <- data.frame(town = sample(3, n, TRUE), agree = pmin(5, pmax(1, round(2 * g - 1 + rnorm(n)))),
  age = round(40 + 12 * g + 8 * rnorm(n), 5), income = round(exp(1 + g %% 2 + rnorm(n) / 2), 7))
x$town[g == 2] <- sample(2, 20, TRUE); for (j in 1:3) x[sample(n, 6), j] <- NA
d <- daisy(transform(x, town = factor(town), agree = ordered(agree)), metric = "gower")
stopifnot(!anyDuplicated(d)) # of equal distances any may be joined first
D <- as.matrix(d)
best <- function(k) min(apply(combn(n, k), 2, function(m) mean(do.call(pmin, lapply(m, function(i) D[, i])))))
medoids <- lapply(2:5, function(k) {
  p <- pam(d, k); s <- silhouette(p)
  list(k = k, within = p$objective[["swap"]], best = if (k < 4) best(k), member = unname(p$clustering) - 1L,
    silhouette = mean(s[, 3]), silhouettes = unname(summary(s)$clus.avg.widths))
})
tree <- function(name, h, a) {
  stopifnot(all.equal(sort(h$height), sort(a$height)))
  member <- lapply(2:5, function(k) unname(cutree(h, k)) - 1L)
  list(name = name, heights = h$height, member = member, rand = sapply(1:4, function(i) adjustedRandIndex(member[[i]], medoids[[i]]$member)))
}
trees <- list(tree("average", hclust(d, "average"), agnes(d, method = "average")),
  tree("complete", hclust(d, "complete"), agnes(d, method = "complete")), tree("ward", hclust(sqrt(d), "ward.D2"), agnes(sqrt(d), method = "ward")))
# Gaps of standardised numbers: every set is drawn over the ranges of the columns.
y <- cbind(round(rnorm(n) + 4 * (g == 1), 3), round(rnorm(n) + 4 * (g == 3), 3))
z <- scale(y) * sqrt(n / (n - 1))
gap <- clusGap(z, kmeans, K.max = 5, B = 1000, d.power = 2, spaceH0 = "original", nstart = 20, verbose = FALSE)$Tab
rules <- lapply(1:40, function(i) {
  f <- round(cumsum(rnorm(6, 0.05, 0.1)), 3); se <- round(runif(6, 0, 0.1), 3)
  list(gap = f, error = se, chosen = maxSE(f, se, "Tibs2001SEmax"))
})
v <- function(p) paste(p, packageVersion(p))
out <- list(program = paste("R", getRversion(), v("cluster"), v("mclust")), people = lapply(x, identity), distances = as.vector(d),
  medoids = medoids, trees = trees, numbers = list(y[, 1], y[, 2]), gap = list(log_w = gap[, 1], expected = gap[, 2], gap = gap[, 3], error = gap[, 4]), rules = rules)
jsonlite::write_json(out, "cluster.json", digits = 10, auto_unbox = TRUE, na = "null", null = "null")
