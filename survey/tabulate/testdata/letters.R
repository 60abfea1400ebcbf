# Pairwise comparisons of columns, and of columns with the rest, as contrasts of
# domain means under the design of datasets/reference/twostage.csv.
# Run in this folder: Rscript letters.R > letters.csv
# Made with R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
d <- read.csv("../../../datasets/reference/twostage.csv")
d$everyone <- 1
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)

# Shares at or near 0 or 1: e are Kish's effective bases, s the shares, v the
# variances of the sides, vd that of the difference.
edge <- function(e, s, v, vd, n, df) {
  few <- e * pmin(s, 1 - s)
  if (min(few) >= 5) return(NULL)
  if (all(s == 0) || all(s == 1)) return(NA)
  f <- min(1, (qt(.975, n - 1) / qt(.975, df))^2)
  ends <- s == 0 | s == 1
  if (any(ends)) {
    k <- which(ends)[1]
    if (s[k] == 1) s <- 1 - s
    p <- s[3 - k]
    D <- if (p == 1) 1 else max(1, v[3 - k] * e[3 - k] / (p * (1 - p)))
    n0 <- e[k] * f / D; n1 <- e[3 - k] * f / D; m <- p * n1
    return(min(1, exp(lgamma(n1 + 1) + lgamma(n0 + n1 - m + 1) - lgamma(n1 - m + 1) - lgamma(n0 + n1 + 1))))
  }
  D <- max(1, vd / sum(s * (1 - s) / e))
  k <- which.min(few)
  if (s[k] > .5) s <- 1 - s
  size <- round(e * f / D); x <- round(e * f / D * s)
  half <- dhyper(x[1], size[1], size[2], sum(x)) / 2
  min(1, 2 * min(phyper(x[1] - 1, size[1], size[2], sum(x)) + half, phyper(x[1], size[1], size[2], sum(x), lower.tail = FALSE) + half))
}
kish <- function(design) { w <- weights(design); sum(w)^2 / sum(w^2) }

compare <- function(outcome, banner, value = NULL, kind) {
  y <- if (is.null(value)) d[[outcome]] else as.numeric(d[[outcome]] == value)
  b <- update(design, y = y, column = banner)
  valid <- subset(b, !is.na(y) & !is.na(column))
  means <- svyby(~y, ~column, valid, svymean, covmat = TRUE)
  levels <- rownames(means)
  out <- NULL
  for (i in seq_along(levels)) for (j in seq_along(levels)) if (i < j) {
    weights <- setNames(rep(0, length(levels)), levels)
    weights[i] <- 1; weights[j] <- -1
    contrast <- svycontrast(means, weights)
    both <- subset(valid, column %in% levels[c(i, j)])
    sides <- list(subset(valid, column == levels[i]), subset(valid, column == levels[j]))
    p <- if (is.null(value)) NULL else edge(sapply(sides, kish), as.numeric(coef(means))[c(i, j)], as.numeric(SE(means))[c(i, j)]^2,
      as.numeric(SE(contrast))^2, nrow(both), degf(both))
    se <- if (is.null(p)) as.numeric(SE(contrast)) else NA
    out <- rbind(out, data.frame(edge = if (is.null(p)) NA else p, row = if (is.null(value)) outcome else as.character(value),
      column = levels[i], against = levels[j],
      difference = as.numeric(coef(contrast)), se = se, df = degf(both)))
  }
  out
}
finish <- function(table, rows) {
  rows$t <- rows$difference / rows$se
  rows$p <- ifelse(is.na(rows$edge), 2 * pt(-abs(rows$t), rows$df), rows$edge)
  rows$edge <- NULL
  rows$bh <- p.adjust(rows$p, "BH"); rows$holm <- p.adjust(rows$p, "holm"); rows$bonferroni <- p.adjust(rows$p, "bonferroni")
  cbind(table = table, rows)
}
pairs <- NULL
for (k in 1:5) pairs <- rbind(pairs, compare("concern_identity", d$age_bracket, k), compare("concern_identity", d$gender, k))
means <- rbind(compare("hours_online", d$age_bracket), compare("hours_online", d$gender))
rest <- NULL
for (k in 1:5) for (a in sort(unique(d$age_bracket))) {
  one <- compare("concern_identity", ifelse(d$age_bracket == a, "1", "2"), k)
  one$column <- a; one$against <- "rest"
  rest <- rbind(rest, one)
}
out <- rbind(finish("pairs", pairs), finish("means", means), finish("rest", rest))
write.csv(format(out, digits = 15), quote = FALSE, row.names = FALSE)
