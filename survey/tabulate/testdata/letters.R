# Pairwise comparisons of columns, and of columns with the rest, as contrasts of
# domain means under the design of datasets/reference/twostage.csv.
# Run in this folder: Rscript letters.R > letters.csv
# Made with R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
d <- read.csv("../../../datasets/reference/twostage.csv")
d$everyone <- 1
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)

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
    out <- rbind(out, data.frame(row = if (is.null(value)) outcome else as.character(value),
      column = levels[i], against = levels[j],
      difference = as.numeric(coef(contrast)), se = as.numeric(SE(contrast)), df = degf(both)))
  }
  out
}
finish <- function(table, rows) {
  rows$t <- rows$difference / rows$se
  rows$p <- 2 * pt(-abs(rows$t), rows$df)
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
