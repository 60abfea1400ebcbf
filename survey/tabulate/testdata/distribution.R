# Comparisons of columns in figures that are no shares or means: pairs of age
# brackets, and women against the rest, under the design of
# datasets/reference/twostage.csv. How is said in changes.R.
# Run in this folder: Rscript distribution.R > distribution.csv
# Made with R 4.2.2, survey 4.1.1.
source("figures_of_sides.R")
two <- read.csv("../../../datasets/reference/twostage.csv")
compare <- function(column, against, one, other) {
  d <- two
  d$side <- ifelse(other, 1, ifelse(one, 2, 0))
  d <- prepare(d)
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
  f <- figures(d, design)
  answered <- subset(design, side > 0 & !is.na(hours_online))
  df <- c(degf(answered), degf(subset(answered, !is.na(trust))), degf(answered), degf(answered))
  data.frame(row = rownames(f), column = column, against = against, difference = f[, 1], se = f[, 2], df = df)
}
finish <- function(table, rows) {
  rows$t <- rows$difference / rows$se
  rows$p <- 2 * pt(-abs(rows$t), rows$df)
  rows$bh <- p.adjust(rows$p, "BH"); rows$holm <- p.adjust(rows$p, "holm"); rows$bonferroni <- p.adjust(rows$p, "bonferroni")
  cbind(table = table, rows)
}
ages <- sort(unique(two$age_bracket))
pairs <- NULL
for (i in seq_along(ages)) for (j in seq_along(ages)) if (i < j)
  pairs <- rbind(pairs, compare(ages[i], ages[j], two$age_bracket == ages[i], two$age_bracket == ages[j]))
rest <- NULL
for (g in sort(unique(two$gender))) rest <- rbind(rest, compare(g, "rest", two$gender == g, two$gender != g))
out <- rbind(finish("distribution pairs", pairs), finish("distribution rest", rest))
write.csv(format(out, digits = 15), quote = FALSE, row.names = FALSE)
